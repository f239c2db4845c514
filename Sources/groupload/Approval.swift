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
        if isShown || isNeeded { Console.note(Console.lineStart + PlanText.of(preview) + "\n") }
        guard !isGiven, isNeeded else { return }
        try ask()
    }

    /// Asks whether to go on.
    ///
    /// - Throws: ``RunError`` with ``ExitStatus/usage`` if there is nobody to ask, or the response isn't yes.
    static func ask() throws(RunError) {
        guard isatty(STDIN_FILENO) == 1 else {
            throw RunError(
                .notApproved, "nothing was done: there is nobody to ask", remedy: "look at the plan and give --yes")
        }
        Console.note("Go on? [y/N] ")
        guard let response = readLine(), ["y", "yes"].contains(response.lowercased()) else {
            throw RunError(.notApproved, "nothing was done")
        }
    }
}
