// Reads a list with the decoders alone, on one thread, and prints how many records it holds: decode FORMAT FILE.
// Compiled into one module with them by Scripts/benchmarks/benchmark-ingest, for callgrind, which the whole program is
// too much for.
import Glibc

@main
struct Decode {
    static func main() throws {
        guard CommandLine.arguments.count == 3, let format = RecordFormat(rawValue: CommandLine.arguments[1]),
            let file = unsafe fopen(CommandLine.arguments[2], "rb")
        else { exit(64) }
        let stream = try RecordStream(format: format, options: DecodingOptions(mapping: .groups))
        var batch = RecordBatch()
        while true {
            let chunk = [UInt8](unsafeUninitializedCapacity: 65_536) { buffer, count in
                count = unsafe fread(buffer.baseAddress, 1, 65_536, file)
            }
            if chunk.isEmpty { break }
            try stream.push(chunk, into: &batch)
            batch.removeAll()
        }
        try stream.finish(into: &batch)
        print(stream.recordsRead)
    }
}
