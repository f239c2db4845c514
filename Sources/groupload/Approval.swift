import Foundation
import GroupLoad

/// Asks a person whether something is to be done.
enum Approval {
    /// Shows what an import would do to groups that its lists don't name, and asks, unless the response was given.
    ///
    /// - Throws: as ``ask()``.
    static func ask(_ preview: PlanPreview, isGiven: Bool, isShown: Bool) throws {
        let isNeeded = preview.counts["deactivate", default: 0] > 0
        // Nothing is set inactive that wasn't shown.
        if isShown || isNeeded { Console.noteColoured(PlanText.of(preview) + "\n") }
        guard !isGiven, isNeeded else { return }
        try ask()
    }

    /// Asks whether to go on.
    ///
    /// - Throws: ``RunError`` with ``ExitStatus/usage`` if standard input is no terminal, or the response isn't yes.
    static func ask() throws(RunError) {
        guard isatty(STDIN_FILENO) == 1 else {
            throw RunError(
                .notApproved,
                "nothing was done: standard input is not a terminal, so that the command can't ask",
                remedy: "read the plan, then give --yes")
        }
        Console.note("Go on? [y/N] ")
        guard let response = readLine(), ["y", "yes"].contains(response.lowercased()) else {
            throw RunError(.notApproved, "nothing was done")
        }
    }
}
