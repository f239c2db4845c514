import RecordFormats

/// Reads sources one after the other, and hands their records over in batches.
struct SourceReader: Sendable {
    /// What reading came to.
    struct Result: Sendable {
        var sources: [SourceSummary] = []
        /// Why reading ended early: a source can't be opened or is damaged, with place and remedy.
        var damage: RunError?
    }

    var sources: [InputSource]
    var options: DecodingOptions
    /// By which rules records are checked here while whoever looks for retries is busy; nil for not at all.
    var checking: RecordChecker.Rules?
    var progress: RunProgress
    var stop: StopSwitch
    /// Is told what was found out of a source that its reader might not expect.
    var note: @Sendable (String) -> Void

    /// A batch is handed over when it holds so many records or bytes.
    private static let batchRecords = 1000, batchBytes = 1 << 20

    /// Reads all sources into `channel`, which is finished then, whatever happens.
    ///
    func run(into channel: BatchChannel) async -> Result {
        defer { channel.finish() }
        var result = Result()
        let bytes = sources.map(\.bytes)
        if !bytes.contains(nil) {
            progress.update { $0.bytesTotal = bytes.reduce(0) { $0 + ($1 ?? 0) } }
        }
        for (number, source) in sources.enumerated() where stop.reason == nil && result.damage == nil {
            await read(source, number, into: channel, &result)
        }
        return result
    }

    private func read(
        _ source: InputSource, _ number: Int, into channel: BatchChannel,
        _ result: inout Result
    ) async {
        var bytes: SourceBytes
        do throws(RunError) {
            bytes = try SourceBytes(source, progress: progress, stop: stop)
        } catch {
            result.damage = error
            return
        }
        var summary = SourceSummary(path: source.path, format: source.format?.rawValue ?? "", bytes: 0, sha256: "")
        do {
            var chunk = try await bytes.first()
            let format =
                source.format ?? RecordFormat.of(path: Compression.strip(source.path), firstBytes: chunk)
            summary.format = format.rawValue
            let stream = try RecordStream(format: format, options: options)
            var (batch, checked) = channel.empty()
            let digest = bytes.digest
            var checker = checking.map { rules in RecordChecker(rules) }
            defer { summary.columns = stream.columns.map(options.names.standardColumns) }

            func flush(isUrgent: Bool) async {
                guard !batch.records.isEmpty else { return }
                // Whichever of the two tasks is ahead checks and hashes.
                let waiting = channel.waiting
                let isChecked = checker != nil && waiting > 1
                if isChecked { checker?.check(batch, into: &checked) }
                if waiting > 3 { digest.catchUp() }
                await channel.send(
                    ReadBatch(
                        batch: batch, checked: checked, isChecked: isChecked, source: number, digest: digest,
                        columns: stream.columns, delimiter: stream.delimiter,
                        bytesRead: progress.snapshot.bytesRead),
                    isUrgent: isUrgent)
                (batch, checked) = channel.empty()
            }

            func finish(isWhole: Bool) async {
                await flush(isUrgent: true)
                channel.pause()
                if let found = findings(of: stream, isWhole: isWhole) { note("\(source.shownName): \(found)") }
            }

            do {
                while !chunk.isEmpty {
                    try stream.push(chunk, into: &batch)
                    if batch.records.count >= Self.batchRecords || batch.arena.count >= Self.batchBytes
                        || bytes.isIdle
                    {
                        await flush(isUrgent: bytes.isPipe)
                    }
                    if stop.reason != nil || Task.isCancelled { break }
                    chunk = try await bytes.next()
                }
                if stop.reason == nil { try stream.finish(into: &batch) }
            } catch {
                stream.release(into: &batch)
                await finish(isWhole: false)
                throw error
            }
            await finish(isWhole: true)
        } catch let failure as DecodingFailure {
            result.damage = RunError(.damagedInput, failure.message(source: source.name))
        } catch let failure as RunError {
            result.damage = failure
        } catch {
            result.damage = RunError(.internalError, "\(source.name): \(error)")
        }
        summary.bytes = bytes.bytesRead
        summary.sha256 = bytes.digest.hexadecimal()
        result.sources.append(summary)
    }

    /// What was found out of a source beyond the usual; nil where nothing was.
    private func findings(of stream: RecordStream, isWhole: Bool) -> String? {
        var parts: [String] = []
        if isWhole, stream.recordsRead == 0, stop.reason == nil { parts.append("it holds no records") }
        if let encoding = stream.encoding, encoding != options.encoding ?? .utf8 {
            parts.append("it is in \(encoding.rawValue)")
        }
        if let delimiter = stream.delimiter, delimiter != options.delimiter ?? .comma {
            parts.append("its fields are separated by \(delimiter.description)")
        }
        return parts.isEmpty ? nil : parts.joined(separator: ", ")
    }
}

extension DecodingFailure {
    /// The failure with its place: `groups.csv:1042: record 1040: …`.
    func message(source: String) -> String {
        let place = record.map { "\(source):\(line): record \($0): " } ?? "\(source):\(line): "
        return place + message
    }
}
