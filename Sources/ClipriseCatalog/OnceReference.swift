internal import Synchronization

/// A reference to an object that is set once, by whoever is first.
///
/// `AtomicLazyReference` does the same, but looks up the types of its parts at run time, 650 instructions at each look.
///
/// Unsafe: the object is known by its address. It is kept from the moment that its address is stored until this goes.
final class OnceReference<Object: AnyObject & Sendable>: Sendable {
    /// The object's address; 0 before there is one.
    private let address = Atomic(0)

    deinit {
        if let object = Self.reference(address.load(ordering: .acquiring)) { object.release() }
    }

    @inline(__always) var value: Object? {
        Self.reference(address.load(ordering: .acquiring))?.takeUnretainedValue()
    }

    /// Keeps an object unless there is one.
    ///
    /// - Returns: The object that is kept.
    func keep(_ object: Object) -> Object {
        let reference = Unmanaged.passRetained(object)
        let (exchanged, original) = address.compareExchange(
            expected: 0, desired: Int(bitPattern: reference.toOpaque()), ordering: .acquiringAndReleasing)
        if exchanged { return object }
        reference.release()
        return Self.reference(original)?.takeUnretainedValue() ?? object
    }

    @inline(__always) private static func reference(_ address: Int) -> Unmanaged<Object>? {
        UnsafeRawPointer(bitPattern: address).map { .fromOpaque($0) }
    }
}
