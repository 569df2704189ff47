internal import CCurl

/// libcurl's handle of many transfers.
///
/// Safety: all is done on the loop's thread, but `curl_multi_wakeup`, which any thread may call while the handle lives;
/// `LoopOrders` sees to that.
struct MultiHandle: Sendable {
    nonisolated(unsafe) let pointer: UnsafeMutableRawPointer

    /// The most connections that stay open while nobody uses them.
    private static let idleLimit = 32

    /// Why libcurl is not there; nil when it is.
    static let notLoaded: HTTPFailure? = ccurl_load().map { problem in
        HTTPFailure(kind: .notConnected, reason: String(cString: problem), mayHaveLeft: false)
    }

    private static let isReady = notLoaded == nil && ccurl_global_init(Int(CURL_GLOBAL_DEFAULT)) == CURLE_OK

    init?() {
        guard Self.isReady, let pointer = ccurl_multi_init() else { return nil }
        ccurl_multi_set_long(pointer, CURLMOPT_MAXCONNECTS, Self.idleLimit)
        ccurl_multi_set_long(pointer, CURLMOPT_PIPELINING, 0)
        self.pointer = pointer
    }
}
