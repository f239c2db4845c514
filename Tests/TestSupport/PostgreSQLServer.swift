import Dispatch
import Foundation

/// A PostgreSQL server of the tests' own, in a temporary directory: on a Unix socket, and on a free port of loopback.
/// PgBouncer stands before it for those that want it.
///
/// One for the test process. A shell holds both, and ends them by their process ids when this process ends, however
/// that happens; it removes the directory.
package struct PostgreSQLServer: Sendable {
    /// Where its sockets are; only this user, and root, can get there.
    package let socketDirectory: String
    /// Its port on 127.0.0.1, where the role needs ``password``.
    package let port: Int

    /// The role that the tests use, who may do everything.
    package static let role = "groupload"
    /// That role's password.
    package static let password = "of-tests-only"

    /// The server, started by whoever needs it first.
    package static func shared() async throws -> PostgreSQLServer { try await starter.server() }

    private static let starter = PostgreSQLStarter()

    /// The address of its database over the Unix socket.
    ///
    /// - Parameters:
    ///   - schema: where the tables are to be.
    ///   - throughPgBouncer: whether PgBouncer stands between, in transaction mode, with four connections for all.
    package func address(schema: String, throughPgBouncer: Bool = false) -> String {
        let host = throughPgBouncer ? socketDirectory + "/bouncer" : socketDirectory
        return "postgresql://\(Self.role)@/postgres?host=\(host)&port=\(port)&schema=\(schema)"
    }
}

extension PostgreSQLServer {
    /// The Unix socket of the server, or of PgBouncer before it.
    package func socketPath(throughPgBouncer: Bool = false) -> String {
        socketDirectory + (throughPgBouncer ? "/bouncer" : "") + "/.s.PGSQL.\(port)"
    }
}

/// A PostgreSQL server that one test has for itself, to kill it and to start it again. It ends when this goes.
package actor OwnPostgreSQLServer {
    private let starter = PostgreSQLStarter()

    /// Holds no server yet.
    package init() {}

    /// The server, started by the first call.
    package func server() async throws -> PostgreSQLServer { try await starter.server() }

    /// Kills it (SIGKILL), and with it all its connections.
    package func kill() async throws { try await starter.tell("kill") }

    /// Starts it again.
    package func start() async throws { try await starter.tell("start") }
}

/// Starts the server once. On a thread of its own: it waits for seconds.
private actor PostgreSQLStarter {
    private let thread = WaitingThread()
    private var started: PostgreSQLServer?
    /// Open until this process ends.
    private var holder: Pipe?
    private var said: Pipe?

    nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }

    func server() throws -> PostgreSQLServer {
        if let started { return started }
        var said = ""
        // Somebody else may take the port before the server does.
        for _ in 0..<3 {
            let (descriptor, port) = try LoopbackSocket.bound()
            close(descriptor)
            said = try hold(port)
            if said.hasPrefix("/") {
                let server = PostgreSQLServer(socketDirectory: said, port: port)
                started = server
                return server
            }
        }
        throw NoServer(reason: said)
    }

    /// Runs the shell, and gives its first line: the directory, or what went wrong.
    private func hold(_ port: Int) throws -> String {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/bash")
        process.arguments = ["-c", Self.script, "postgresql", String(port)]
        process.environment = ProcessInfo.processInfo.environment
            .merging(["PGPASSWORD": PostgreSQLServer.password, "ROLE": PostgreSQLServer.role]) { $1 }
        let (input, output) = (Pipe(), Pipe())
        process.standardInput = input
        process.standardOutput = output
        // Not the tests' own, whose end their caller may wait for.
        process.standardError = FileHandle.nullDevice
        try process.run()
        (holder, said) = (input, output)
        return String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
            .trimmingCharacters(in: .newlines)
    }

    /// Has the shell carry out a command, and waits until it is done.
    func tell(_ command: String) throws {
        try holder?.fileHandleForWriting.write(contentsOf: Data("\(command)\n".utf8))
        guard said?.fileHandleForReading.availableData.isEmpty == false else { throw NoServer(reason: command) }
    }

    private struct NoServer: Error { var reason: String }

    /// PostgreSQL refuses to run as root: it runs as `nobody` then. What it holds need not survive a loss of power.
    private static let script = #"""
        bin=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -1)
        if [[ -z $bin ]]; then echo "no PostgreSQL server is installed; run Scripts/setup"; exit 69; fi
        directory=$(mktemp -d /tmp/groupload-postgresql.XXXXXX)
        log=$directory/log
        as=()
        if [[ $(id -u) == 0 ]]; then
          as=(setpriv --reuid=nobody --regid=nogroup --clear-groups)
          chown nobody:nogroup "$directory"
        fi
        cd "$directory"
        end() {
          if [[ -s data/postmaster.pid ]]; then
            "${as[@]}" "$bin/pg_ctl" --pgdata=data --mode=immediate --wait --silent stop >/dev/null 2>&1
          fi
          if [[ -s bouncer/pid ]]; then kill -KILL "$(cat bouncer/pid)"; fi
          cd /
          rm -rf "$directory"
        }
        trap end EXIT
        "${as[@]}" bash -c 'echo "$PGPASSWORD" >"$0"' "$directory/password"
        "${as[@]}" "$bin/initdb" --pgdata=data --username="$ROLE" --pwfile=password --auth-local=trust \
          --auth-host=scram-sha-256 --encoding=UTF8 --locale=C.UTF-8 --no-sync >initdb.log 2>&1 ||
          { tail -1 initdb.log; exit 1; }
        options="-k $directory -p $1 -c listen_addresses=127.0.0.1 -c fsync=off -c max_connections=300"
        "${as[@]}" "$bin/pg_ctl" --pgdata=data --log="$log" --timeout=60 --wait --silent --options="$options" start \
          >/dev/null 2>&1 </dev/null || { tail -1 "$log"; exit 1; }
        "${as[@]}" mkdir bouncer
        "${as[@]}" bash -c 'cat >bouncer/ini' <<INI
        [databases]
        * = host=$directory port=$1 user=$ROLE
        [pgbouncer]
        listen_port = $1
        unix_socket_dir = $directory/bouncer
        auth_type = any
        pool_mode = transaction
        default_pool_size = 4
        max_client_conn = 500
        pidfile = $directory/bouncer/pid
        INI
        "${as[@]}" /usr/sbin/pgbouncer --quiet bouncer/ini >bouncer/log 2>&1 </dev/null &
        timeout 20 bash -c "until '$bin/pg_isready' -q -h '$directory/bouncer' -p $1; do :; done" ||
          { tail -1 bouncer/log; exit 1; }
        echo "$directory"
        # Until the tests' process has gone, and with it the other end.
        while read -r command; do
          case $command in
            kill)
              server=$(head -1 data/postmaster.pid)
              kill -KILL "$server"
              while kill -0 "$server" 2>/dev/null; do :; done
              ;;
            start)
              # Its processes may not all have gone yet.
              for _ in {1..50}; do
                "${as[@]}" "$bin/pg_ctl" --pgdata=data --log="$log" --timeout=60 --wait --silent --options="$options" \
                  start >/dev/null 2>&1 </dev/null && break
              done
              ;;
          esac
          echo "$command"
        done
        """#
}

/// An executor on which a caller may wait.
private final class WaitingThread: SerialExecutor {
    private let queue = DispatchQueue(label: "tests.waiting")

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        queue.async { job.runSynchronously(on: self.asUnownedSerialExecutor()) }
    }
}
