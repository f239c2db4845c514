import Foundation
import RewardsClient

/// The forms of a name under which a server may list it that keeps names in another form. Pure.
enum NameVariants {
    /// A prefix as long as this is looked for, where names may have been cut.
    private static let prefixLength = 20

    /// What to ask the list for at an attempt, counted from 0: the name itself, then forms of it that differ, again
    /// and again.
    static func of(_ name: String, attempt: Int) -> String {
        var forms = [name]
        for form in [
            name.lowercased(), name.precomposedStringWithCanonicalMapping, name.uppercased(),
            String(String.UnicodeScalarView(name.unicodeScalars.map { $0.value < 0x100 ? $0 : "?" })),
            String(name.prefix(prefixLength)),
        ] where !forms.contains(where: { $0.hasBytes(of: form) }) { forms.append(form) }
        return forms[attempt % forms.count]
    }
}
