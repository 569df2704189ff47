internal import CCurl
internal import ClipriseLocks
internal import Glibc

/// The one thread that touches libcurl's handles.
final class LoopThread {
    private let multi: MultiHandle
    private let orders: LoopOrders
    private var transfers: [Int: Transfer] = [:]
    /// The transfers that libcurl works on, by their handles.
    private var byHandle: [UnsafeMutableRawPointer: Transfer] = [:]

    private init(_ multi: MultiHandle, _ orders: LoopOrders) {
        self.multi = multi
        self.orders = orders
    }

    static func begin(_ multi: MultiHandle, _ orders: LoopOrders) {
        do {
            pthread_detach(
                try OwnThread.start(of: Start(multi, orders)) { LoopThread($0.multi, $0.orders).run() })
        } catch {
            preconditionFailure("no thread for HTTP: \(String(cString: strerror(error.code)))")
        }
    }

    private final class Start {
        let multi: MultiHandle
        let orders: LoopOrders

        init(_ multi: MultiHandle, _ orders: LoopOrders) {
            self.multi = multi
            self.orders = orders
        }
    }

    private func run() {
        while true {
            let (posted, isEnding) = orders.take()
            for order in posted { obey(order) }
            if isEnding { break }
            var count: Int32 = 0
            ccurl_multi_perform(multi.pointer, &count)
            takeResults()
            let wait = enforceLimits()
            ccurl_multi_poll(multi.pointer, nil, 0, wait, nil)
        }
        orders.close()
        for transfer in Array(transfers.values) { finish(transfer, .failed(transfer.failure(.shutDown))) }
        for case .start(_, _, let receiver) in orders.take().orders { receiver.end(.failed(.shutDown)) }
        ccurl_multi_cleanup(multi.pointer)
    }

    private func obey(_ order: LoopOrders.Order) {
        switch order {
        case .start(let number, let call, let receiver):
            let transfer = Transfer(number: number, call: call, receiver: receiver, now: MachineClock.steady)
            transfers[number] = transfer
            switch call.host {
            case .address(let address):
                transfer.addresses = [address]
                connect(transfer)
            case .name(_, let lookup):
                lookup.ask { [orders] answer in orders.post(.resolved(number, answer)) }
            }
        case .resolved(let number, let result):
            guard let transfer = transfers[number] else { return }
            switch result {
            case .success(let addresses):
                transfer.addresses = addresses[...]
                connect(transfer)
            case .failure(let error):
                finish(transfer, .failed(HTTPFailure(kind: .lookup(error), reason: "\(error)", mayHaveLeft: false)))
            }
        case .cancel(let number):
            if let transfer = transfers[number] { finish(transfer, .cancelled) }
        case .resume(let number): transfers[number]?.resume(now: MachineClock.steady)
        }
    }

    /// Begins with the next address, or with all of them.
    private func connect(_ transfer: Transfer) {
        if let easy = transfer.open(), ccurl_multi_add_handle(multi.pointer, easy) == CURLM_OK {
            byHandle[easy] = transfer
            return
        }
        finish(
            transfer,
            .failed(HTTPFailure(kind: .notConnected, reason: "the request cannot be sent", mayHaveLeft: false)))
    }

    private func takeResults() {
        var left: Int32 = 0
        while let message = ccurl_multi_info_read(multi.pointer, &left)?.pointee {
            guard message.msg == CURLMSG_DONE, let easy = message.easy_handle, let transfer = byHandle[easy]
            else { continue }
            let end = transfer.end(message.data.result)
            if case .failed(let failure) = end, failure.isOfConnecting, transfer.hasOtherAddresses {
                remove(transfer)
                connect(transfer)
            } else {
                finish(transfer, end)
            }
        }
    }

    /// Ends what has run out of time.
    ///
    /// - Returns: The milliseconds until this must be looked at again.
    private func enforceLimits() -> Int32 {
        let now = MachineClock.steady
        var next = now + 600_000_000_000
        for transfer in Array(transfers.values) {
            guard let (end, limit) = transfer.timeLimit else { continue }
            if end <= now {
                finish(transfer, .failed(transfer.failure(.timedOut(limit), "no answer in time")))
            } else {
                next = min(next, end)
            }
        }
        // Rounded up: woken too early it would have nothing to do.
        return Int32((next - now + 999_999) / 1_000_000)
    }

    private func finish(_ transfer: Transfer, _ end: HTTPEnd) {
        remove(transfer)
        transfers[transfer.number] = nil
        transfer.receiver.end(end)
    }

    private func remove(_ transfer: Transfer) {
        guard let easy = transfer.easy else { return }
        byHandle[easy] = nil
        ccurl_multi_remove_handle(multi.pointer, easy)
        transfer.close()
    }
}
