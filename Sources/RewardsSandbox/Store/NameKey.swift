/// The key under which a name must be unique when the case rule is case-insensitive: upper-cased, then lower-cased,
/// with Unicode's full mappings and no locale. So `ß`, `ẞ` and `SS` are one, and `Σ`, `σ` and `ς`. Nothing is
/// normalized.
func nameKey(_ name: String) -> String {
    var key = String.UnicodeScalarView()
    for scalar in name.unicodeScalars {
        for upper in scalar.properties.uppercaseMapping.unicodeScalars {
            key.append(contentsOf: upper.properties.lowercaseMapping.unicodeScalars)
        }
    }
    return String(key)
}
