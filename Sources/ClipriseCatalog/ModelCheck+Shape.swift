internal import ClipriseJSON
internal import ClipriseWire

extension ModelCheck {
    /// The measures of the result that these values ask for; every one of them is assumed where no text says.
    func shape(_ values: EffectiveValues, quote: PriceCheck.Quote, hasReferences: Bool) -> ResultShape {
        var form = model.result.value
        for place in 0..<formats.count { form = formats.value(place, values) ?? form }
        var shape = ResultShape(form: form, width: 0, height: 0, seconds: 0, count: 1, hasSound: false)
        shape.count = count(values, hasReferences: hasReferences)
        switch form {
        case .png, .jpeg:
            (shape.width, shape.height) = pixels(values, isVideo: false)
        case .mp4:
            (shape.width, shape.height) = pixels(values, isVideo: true)
            shape.seconds = seconds(values, quote)
            shape.hasSound = soundAt.first.map { values[$0].isTrue } ?? model.sound?.value ?? false
        case .mp3, .transcript:
            shape.seconds = seconds(values, quote)
        }
        return shape
    }

    private func count(_ values: EffectiveValues, hasReferences: Bool) -> Int {
        for place in 0..<counts.count {
            if let number = counts.value(place, values), (1...16).contains(number) { return Int(number) }
        }
        if hasReferences, let count = model.countWithReferences { return count.value }
        return model.count?.value ?? 1
    }

    private func seconds(_ values: EffectiveValues, _ quote: PriceCheck.Quote) -> Int {
        switch model.price.unit {
        case .second: return Int(quote.multiplier)
        // Speech runs at about 15 characters a second.
        case .block(let key, _):
            let length = model.parameters.firstIndex { $0.key == key }.flatMap { index -> Int? in
                guard case .given(let json) = values[index] else { return nil }
                return json.utf8?.characterCount
            }
            return min(max((length ?? 15) / 15, 1), 600)
        case .task: break
        }
        for (place, index) in secondsAt.enumerated() {
            if let key = parameters[index].itemsSum?.value.key, case .given(let json) = values[index] {
                let sum = json.sum(of: key)
                if sum >= 1 { return Int(min(sum, 3_600)) }
            } else if let number = seconds.value(place, values), number >= 0.5 {
                return Int(min(number.rounded(.up), 3_600))
            }
        }
        return model.seconds?.value ?? 5
    }

    private func pixels(_ values: EffectiveValues, isVideo: Bool) -> (width: Int, height: Int) {
        var ratio = usualRatio
        var size = usualSize
        for place in 0..<resolutions.count { size = resolutions.value(place, values) ?? size }
        for place in 0..<ratios.count { ratio = ratios.value(place, values) ?? ratio }
        for place in 0..<sizes.count {
            ratio = ratiosOfSizes.value(place, values) ?? ratio
            size = sizes.value(place, values) ?? size
        }
        return size.pixels(ratio, isVideo: isVideo)
    }
}

extension Effective {
    var text: String? { scalar?.description }

    var isTrue: Bool {
        if case .boolean(let value)? = scalar { return value }
        return false
    }
}
