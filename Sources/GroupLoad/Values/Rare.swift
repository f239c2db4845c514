/// A value that is seldom there. It stands outside of what holds it, which is small to copy where it isn't there.
@propertyWrapper
package struct Rare<Value: Sendable & Equatable>: Sendable, Equatable {
    private indirect enum Storage: Sendable, Equatable {
        case none
        case some(Value)
    }

    private var storage: Storage

    /// Holds a value, or none.
    package init(wrappedValue: Value?) { storage = wrappedValue.map(Storage.some) ?? .none }

    /// Whether there is a value: what is asked of many is read where it stands.
    package var projectedValue: Bool { if case .some = storage { true } else { false } }

    /// The value; nil where there is none.
    package var wrappedValue: Value? {
        get { if case .some(let value) = storage { value } else { nil } }
        set { storage = newValue.map(Storage.some) ?? .none }
    }
}
