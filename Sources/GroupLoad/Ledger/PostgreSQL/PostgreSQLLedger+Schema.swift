extension PostgreSQLLedger {
    /// The version of the tables; each has its migration.
    static var version: Int { migrations.count }

    /// Makes sure that the tables are there, and of this version. Older ones are brought to it.
    ///
    /// Several processes may do so at once: the first makes them, and the others wait for it.
    static func migrate(_ connection: inout PostgreSQLConnection) throws {
        let address = connection.address
        if try found(&connection, isOldFit: true) == version { return }
        try connection.transaction(for: .durableChange) { session in
            // Ends with the transaction, so that it holds behind PgBouncer too.
            try session.run("SELECT pg_advisory_xact_lock(1196575812, hashtext($1))", [.text(address.schema)])
            // Not CREATE SCHEMA IF NOT EXISTS, which a role may not call that may use this schema alone.
            if try session.number("SELECT count(*) FROM pg_namespace WHERE nspname = $1", [.text(address.schema)]) == 0
            {
                try session.execute("CREATE SCHEMA \(address.quotedSchema)")
            }
            let found = try version(session)
            try check(found, address, isOldFit: true)
            for (number, sql) in migrations.enumerated().dropFirst(found ?? 0) {
                try session.execute(sql)
                try session.execute("INSERT INTO version (version) VALUES (\(number + 1))")
            }
        }
    }

    /// Makes sure that the tables are those of this version.
    ///
    /// - Throws: ``LedgerError`` where there are none, and ``RunError`` with ``ExitStatus/unusable`` where another
    ///   version of this program made them.
    static func checkVersion(_ connection: inout PostgreSQLConnection) throws {
        guard try found(&connection, isOldFit: false) != nil else {
            throw LedgerError(reason: "its schema \(connection.address.schema) holds no ledger")
        }
    }

    /// The version of the tables that are there; nil where there are none.
    ///
    /// - Throws: ``RunError`` where it isn't this one, unless it is older and `isOldFit`.
    static func found(_ connection: inout PostgreSQLConnection, isOldFit: Bool) throws -> Int? {
        let found = try connection.transaction(for: .reading) { try version($0) }
        try check(found, connection.address, isOldFit: isOldFit)
        return found
    }

    /// The version of the tables that are there; nil where there are none.
    private static func version(_ session: PostgreSQLSession) throws -> Int? {
        let table = "to_regclass(quote_ident(current_schema()) || '.version')"
        guard try session.number("SELECT count(*) FROM (SELECT \(table) AS t) AS f WHERE t IS NOT NULL") == 1 else {
            return nil
        }
        return try session.number("SELECT coalesce(max(version), 0) FROM version")
    }

    private static func check(_ found: Int?, _ address: PostgreSQLAddress, isOldFit: Bool) throws {
        guard let found, found > version || found < version && !isOldFit else { return }
        throw RunError(
            .otherVersion,
            """
            the ledger \(address) was made by \(found > version ? "a newer" : "an older") version of groupload \
            (tables of version \(found), not \(version))
            """, naming: .path(address.description),
            remedy: found > version
                ? "use that version" : "import with this version first, which brings them up to date")
    }

    /// What makes the tables of each version from those of the one before. Never changed once it is released.
    ///
    /// Each table has the run in it, first in its key, so that a run's rows stand together. Names are `bytea`: they are
    /// compared by their bytes, and may be what no text is. Outcomes and intents are inserted and never updated while
    /// a run goes on.
    private static let migrations = [
        """
        CREATE TABLE version (version integer PRIMARY KEY, made_at timestamptz NOT NULL DEFAULT now());
        CREATE TABLE run (
          run integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text COLLATE "C" NOT NULL UNIQUE,
          made_at timestamptz NOT NULL DEFAULT now(), closed_at timestamptz, front bigint NOT NULL DEFAULT 0,
          is_open boolean NOT NULL DEFAULT false
        ) WITH (fillfactor = 50);
        CREATE TABLE fact (
          run integer NOT NULL, key text COLLATE "C" NOT NULL, value text NOT NULL, PRIMARY KEY (run, key)
        ) WITH (fillfactor = 50);
        CREATE TABLE source (
          run integer NOT NULL, source integer NOT NULL, path text NOT NULL, format text NOT NULL,
          bytes bigint NOT NULL, sha256 text NOT NULL, columns text, PRIMARY KEY (run, source)
        );
        CREATE TABLE record (
          run integer NOT NULL, source integer NOT NULL, record bigint NOT NULL, line bigint NOT NULL,
          draft_rank bigint, draft boolean, draft_active boolean, name bytea, rank bytea, raw bytea, draft_name bytea,
          PRIMARY KEY (run, record)
        );
        CREATE TABLE claim (
          run integer NOT NULL, claim bigint GENERATED ALWAYS AS IDENTITY, first bigint NOT NULL, last bigint NOT NULL,
          claimed_at bigint NOT NULL, lease bigint, is_open boolean NOT NULL DEFAULT true,
          is_free boolean NOT NULL DEFAULT false, PRIMARY KEY (run, claim)
        );
        CREATE INDEX claim_open ON claim (run, first) WHERE is_open;
        CREATE TABLE lease (
          epoch bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, run integer NOT NULL,
          written bigint NOT NULL DEFAULT 0, request_max bigint NOT NULL, requests bigint, retries bigint,
          throttled bigint, alive_at bigint, taken_at timestamptz NOT NULL, expires_at timestamptz NOT NULL,
          ended_at timestamptz, ended_by bigint, role text COLLATE "C" NOT NULL, name text NOT NULL,
          nonce text COLLATE "C" NOT NULL UNIQUE
        ) WITH (fillfactor = 20);
        CREATE INDEX lease_run ON lease (run);
        CREATE TABLE scope_lock (scope text COLLATE "C" PRIMARY KEY, epoch bigint NOT NULL) WITH (fillfactor = 50);
        CREATE TABLE pace (
          key text COLLATE "C" PRIMARY KEY, next_at float8 NOT NULL DEFAULT 0, paused_until float8 NOT NULL DEFAULT 0,
          probe_until float8 NOT NULL DEFAULT 0, probe_epoch bigint, pause_message text
        ) WITH (fillfactor = 20);
        CREATE TABLE doubt (
          run integer NOT NULL, record bigint NOT NULL, sent_at bigint NOT NULL, sent_until bigint,
          PRIMARY KEY (run, record)
        );
        CREATE TABLE group_update (
          run integer NOT NULL, record bigint NOT NULL, id bigint NOT NULL, from_rank bigint, to_rank bigint,
          from_active boolean NOT NULL, to_active boolean NOT NULL, name bytea NOT NULL, made text,
          PRIMARY KEY (run, record)
        );
        CREATE TABLE update_intent (
          run integer NOT NULL, record bigint NOT NULL, sent_at bigint NOT NULL, from_rank bigint, to_rank bigint,
          from_active boolean NOT NULL, PRIMARY KEY (run, record)
        );
        CREATE VIEW change AS
          SELECT u.run, u.record, u.id, u.name,
            CASE WHEN i.record IS NULL THEN u.from_rank ELSE i.from_rank END AS from_rank,
            CASE WHEN i.record IS NULL THEN u.from_active ELSE i.from_active END AS from_active,
            CASE WHEN i.record IS NULL THEN u.to_rank ELSE i.to_rank END AS to_rank, u.to_active, i.sent_at, u.made
          FROM group_update AS u LEFT JOIN update_intent AS i ON i.run = u.run AND i.record = u.record;
        CREATE TABLE outcome (
          run integer NOT NULL, record bigint NOT NULL, attempts bigint NOT NULL DEFAULT 0, id bigint, ms bigint,
          duplicate_of bigint, ended_at bigint, http bigint, code bigint, outcome text COLLATE "C" NOT NULL,
          message text, PRIMARY KEY (run, record)
        );
        CREATE TABLE found_group (
          run integer NOT NULL, record bigint NOT NULL, id bigint NOT NULL, rank bigint, created_on bigint,
          created_by bigint, sent_from bigint NOT NULL, sent_until bigint NOT NULL, sure_from bigint NOT NULL,
          absent_at bigint, http bigint, code bigint, attempts bigint NOT NULL, ms bigint, ended_at bigint,
          active boolean NOT NULL, is_named boolean NOT NULL, is_taken boolean NOT NULL,
          is_judged boolean NOT NULL DEFAULT false, name bytea NOT NULL, place text NOT NULL, PRIMARY KEY (run, record)
        );
        CREATE TABLE kept (
          run integer NOT NULL, record bigint NOT NULL, id bigint NOT NULL, rank bigint, name bytea NOT NULL,
          PRIMARY KEY (run, record)
        );
        CREATE TABLE clock (
          run integer NOT NULL, lease bigint NOT NULL, start bigint NOT NULL, count bigint NOT NULL,
          highest_from bigint NOT NULL, highest_to bigint NOT NULL, lowest_from bigint NOT NULL,
          lowest_to bigint NOT NULL, responded_first bigint NOT NULL, sent_last bigint NOT NULL,
          PRIMARY KEY (run, lease, start)
        ) WITH (fillfactor = 50);
        CREATE TABLE clock_example (
          run integer NOT NULL, record bigint NOT NULL, id bigint NOT NULL, created_on bigint NOT NULL,
          sent bigint NOT NULL, responded bigint NOT NULL, PRIMARY KEY (run, record)
        );
        CREATE TABLE target (
          run integer NOT NULL, id bigint NOT NULL, number bigint, rank bigint, active boolean NOT NULL,
          is_named boolean NOT NULL DEFAULT false, name bytea NOT NULL, near bytea NOT NULL, PRIMARY KEY (run, id)
        ) WITH (fillfactor = 80);
        CREATE INDEX target_near ON target USING hash (near);
        """,
        """
        CREATE TABLE create_span (
          run integer NOT NULL, span bigint NOT NULL, first bigint NOT NULL, last bigint NOT NULL,
          given_at bigint NOT NULL, trace text COLLATE "C" NOT NULL, PRIMARY KEY (run, span)
        );
        """,
    ]
}
