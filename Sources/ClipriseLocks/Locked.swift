// A lock around a value. `Synchronization.Mutex` does the same, but the thread sanitizer raises false alarms about it on
// Linux (its waiting is done in a library that was not built for the sanitizer), and we want that tool's word to count.

public import Glibc

/// A value that any thread may use, one at a time.
///
/// The lock is not recursive: taking it again from inside `withLock` never returns.
public final class Locked<Value: ~Copyable>: Sendable {
    // Safety: the memory is written only in `init` and `deinit`, where nobody else holds a reference, and between
    // locking and unlocking the mutex.
    @usableFromInline nonisolated(unsafe) internal let mutex: UnsafeMutablePointer<pthread_mutex_t>
    @usableFromInline nonisolated(unsafe) internal let value: UnsafeMutablePointer<Value>

    public init(_ value: consuming sending Value) {
        mutex = .allocate(capacity: 1)
        mutex.initialize(to: pthread_mutex_t())
        // Who finds it taken looks again a little while before going to sleep: it is never held for long, and to be woken
        // costs far more.
        var attributes = pthread_mutexattr_t()
        pthread_mutexattr_init(&attributes)
        pthread_mutexattr_settype(&attributes, Int32(PTHREAD_MUTEX_ADAPTIVE_NP))
        pthread_mutex_init(mutex, &attributes)
        pthread_mutexattr_destroy(&attributes)
        self.value = .allocate(capacity: 1)
        self.value.initialize(to: value)
    }

    deinit {
        value.deinitialize(count: 1)
        value.deallocate()
        pthread_mutex_destroy(mutex)
        mutex.deinitialize(count: 1)
        mutex.deallocate()
    }

    /// Runs `body` while no other thread can see the value.
    @inlinable @inline(__always)
    public func withLock<Result: ~Copyable, Failure: Error>(
        _ body: (inout sending Value) throws(Failure) -> sending Result
    ) throws(Failure) -> sending Result {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        return try body(&value.pointee)
    }
}

extension Locked where Value: Sendable {
    /// Takes the lock and leads to the value, which is the caller's until `unlock`.
    ///
    /// For the few places that every request passes: whoever has a result to hand back through `withLock` from another
    /// module pays for code that serves results of any type.
    @inlinable
    public func lock() -> UnsafeMutablePointer<Value> {
        pthread_mutex_lock(mutex)
        return value
    }

    @inlinable
    public func unlock() { pthread_mutex_unlock(mutex) }
}
