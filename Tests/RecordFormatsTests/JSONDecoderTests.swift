import RecordFormats
import Testing

@Suite struct JSONDecoderTests {
    static let shallow = DecodingLimits(depthMax: 4)
    static let small = DecodingLimits(recordBytesMax: 20)

    @Test(arguments: [
        DecoderCase(" []\n", []),
        DecoderCase("[]", []),
        DecoderCase("\u{FEFF}[ {\"name\":\"VIP\",\"rank\":1} ]\n", ["text:VIP | number:1 @ 1"]),
        DecoderCase(
            "[\n{\"name\":\"a\"},\n{\n\"rank\":-1.5E+3,\"Group_Name\":null}\n]",
            ["text:a | absent @ 2", "null | number:-1.5E+3 @ 3"]),
        DecoderCase(
            #"[{"\u006eame":"\u00e9\ud83c\udf89\"\\\/\b\f\n\r\t"}]"#, ["text:é🎉\"\\/\u{8}\u{c}\n\r\t | absent @ 1"]),
        DecoderCase(
            #"[{"name":"a","name":"b"},{"name":null,"groupName":1}]"#,
            ["duplicate:a | absent @ 1", "duplicate: | absent @ 1"]),
        DecoderCase(
            #"[{"name":true,"rank":{"a":[1]}},{"name":["x"],"rank":false}]"#,
            ["wrongType:true | wrongType:{\"a\":[1]} @ 1", "wrongType:[\"x\"] | wrongType:false @ 1"]),
        DecoderCase(
            "[1,\"x\",null,[{}],{},{\"name\":\"a\"}]",
            [
                "absent | absent @ 1 ! notAnObject", "absent | absent @ 1 ! notAnObject",
                "absent | absent @ 1 ! notAnObject", "absent | absent @ 1 ! notAnObject", "absent | absent @ 1",
                "text:a | absent @ 1",
            ]),
        DecoderCase(
            #"{"status":{"code":12013,"l":[{}]},"t":[1,{"name":"no"}],"e":[],"groupRoList":[{"name":"a","x":[[{}]]}]}"#,
            ["text:a | absent @ 1"]),
        DecoderCase(#"{"status":{},"groupRoList":[]}"#, []),
        DecoderCase(
            #"[{"name":"\ud800"},{"name":"\udc00x"},{"name":"\ud800\u0041"},{"x":"\ud800"}]"#,
            [
                "text:\\ud800 | absent @ 1 ! loneSurrogate", "text:\\udc00x | absent @ 1 ! loneSurrogate",
                "text:\\ud800\\u0041 | absent @ 1 ! loneSurrogate", "absent | absent @ 1",
            ]),
        DecoderCase("[[[[]]]]", ["absent | absent @ 1 ! notAnObject"], limits: shallow),
        DecoderCase(
            "[{\"name\":\"abcdefgh\"}]", ["text:abcdefgh | absent @ 1"], limits: DecodingLimits(recordBytesMax: 19)),
    ])
    func decodes(_ row: DecoderCase) {
        row.check(.json)
    }

    @Test(arguments: [
        DecoderCase("[{\"name\":\"a\"},\n{\"name\":\"b", ["text:a | absent @ 1"], fails: "truncated @ 2 # 2"),
        DecoderCase("[{\"name\":\"a\"},\n", ["text:a | absent @ 1"], fails: "truncated @ 2"),
        DecoderCase("[\n{\"name\":\"a\"}", ["text:a | absent @ 2"], fails: "truncated @ 2"),
        DecoderCase("[{\"name\":\"a\"}\n{\"name\":\"b\"}]", ["text:a | absent @ 1"], fails: "notWellFormed @ 2"),
        DecoderCase("[{\"name\":\"a\"},\n]", ["text:a | absent @ 1"], fails: "notWellFormed @ 2 # 2"),
        DecoderCase("[{\"name\":\"a\"}}", ["text:a | absent @ 1"], fails: "notWellFormed @ 1"),
        DecoderCase("", [], fails: "truncated @ 1"), DecoderCase(" \n", [], fails: "truncated @ 2"),
        DecoderCase("[{\"name\":\"a\"}]\n{}", ["text:a | absent @ 1"], fails: "notWellFormed @ 2"),
        DecoderCase("[\n{\"name\":\"a\nb\"}]", [], fails: "notWellFormed @ 2 # 1"),
        DecoderCase("[{\n\"name\"\n:\n01}]", [], fails: "notWellFormed @ 4 # 1"),
        DecoderCase("[{\"name\":'a'}]", [], fails: "notWellFormed @ 1 # 1"),
        DecoderCase("[{\"a\":1,}]", [], fails: "notWellFormed @ 1 # 1"),
        DecoderCase("[{\"a\":[1}]}]", [], fails: "notWellFormed @ 1 # 1"),
        DecoderCase("[{\"a\":\"\\x\"}]", [], fails: "notWellFormed @ 1 # 1"),
        DecoderCase("[NaN]", [], fails: "notWellFormed @ 1 # 1"),
        DecoderCase("name,rank\n", [], fails: "noRecordsArray @ 1"),
        DecoderCase("<a/>", [], fails: "notWellFormed @ 1"),
        DecoderCase("12", [], fails: "noRecordsArray @ 1"),
        DecoderCase(
            "{\"a\":[{\"name\":\"x\"}],\n\"b\":[{\"name\":\"y\"}]}", [], fails: "noRecordsArray @ 2"),
        DecoderCase("[[[[[]]]]]", [], fails: "depthExceeded @ 1 # 1", limits: shallow),
        DecoderCase("{\"a\":[{\"b\":{\"c\":[]}}]}", [], fails: "depthExceeded @ 1 # 1", limits: shallow),
        DecoderCase(
            "[\n{\"name\":\"abcdefghi\"}]", [], fails: "recordTooLong @ 2 # 1",
            limits: DecodingLimits(recordBytesMax: 19)),
        DecoderCase("[123456789012345678901]", [], fails: "recordTooLong @ 1 # 1", limits: small),
        DecoderCase("[12345678901234567890]", ["absent | absent @ 1 ! notAnObject"], limits: small),
        DecoderCase(
            bytes: Array("[{\"a\":1},\n{\n\"name\":\"".utf8) + [0xC0, 0x80] + Array("\"}]".utf8),
            ["absent | absent @ 1"], fails: "invalidUTF8 @ 3 # 2"),
        DecoderCase(bytes: [0x00, 0x5B], [], fails: "unsupportedEncoding @ 1"),
    ])
    func fails(_ row: DecoderCase) {
        row.check(.json)
    }

    @Test(arguments: [
        DecoderCase(
            "{\"name\":\"a\"}\r\n\n \t\n{\"name\":\"b\",\"rank\":2}", ["text:a | absent @ 1", "text:b | number:2 @ 4"]),
        DecoderCase(
            "{\"name\":\"a\"\n{\"name\":\"b\"}\n",
            ["text:a | absent @ 1 ! notJSON(RecordFormats.JSONFault.endedEarly, column: 12)", "text:b | absent @ 2"]),
        DecoderCase(
            "not json\n{\"name\":\"b\"}{}\n",
            [
                "absent | absent @ 1 ! notJSON(RecordFormats.JSONFault.valueExpected, column: 1)",
                "text:b | absent @ 2", "absent | absent @ 2",
            ]),
        DecoderCase("[]\n7\n", ["absent | absent @ 1 ! notAnObject", "absent | absent @ 2 ! notAnObject"]),
        DecoderCase(
            "{\"a\":[[[[]]]]}\n{\"name\":\"b\"}\n",
            ["absent | absent @ 1 ! tooDeep(depthMax: 4)", "text:b | absent @ 2"], limits: shallow),
        DecoderCase(
            bytes: Array("{\"name\":\"".utf8) + [0xFF] + Array("\"}\n{\"name\":\"b\"}".utf8),
            ["text:? | absent @ 1 ! badEncoding(utf-8)", "text:b | absent @ 2"]),
        DecoderCase(
            "{\"name\":\"a\"}\n{\"name\":\"abcdefghij\"}\n", ["text:a | absent @ 1"], fails: "recordTooLong @ 2 # 2",
            limits: small),
        DecoderCase("{\"name\":\"abcdefghi\"}\n", ["text:abcdefghi | absent @ 1"], limits: small),
    ])
    func decodesLines(_ row: DecoderCase) {
        row.check(.ndjson)
    }
}
