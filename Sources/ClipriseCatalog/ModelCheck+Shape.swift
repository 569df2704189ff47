internal import ClipriseJSON
internal import ClipriseWire

extension ModelCheck {
    /// The measures of the result that these values ask for; every one of them is assumed where no text says.
    func shape(_ values: EffectiveValues, quote: PriceCheck.Quote, hasReferences: Bool) -> ResultShape {
        var form = model.result.value
        for index in formatAt {
            switch values[index].text {
            case "png": form = .png
            case "jpg", "jpeg": form = .jpeg
            default: continue
            }
        }
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
        for index in countAt {
            if let number = values[index].number, (1...16).contains(number) { return Int(number) }
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
        for index in secondsAt {
            if case .given(let json) = values[index], let key = model.parameters[index].itemsSum?.value.key {
                let sum = json.sum(of: key)
                if sum >= 1 { return Int(min(sum, 3_600)) }
            } else if let number = values[index].number, number >= 0.5 {
                return Int(min(number.rounded(.up), 3_600))
            }
        }
        return model.seconds?.value ?? 5
    }

    private func pixels(_ values: EffectiveValues, isVideo: Bool) -> (width: Int, height: Int) {
        var ratio = usualRatio
        var size = usualSize
        for index in resolutionAt {
            if let text = values[index].text, let given = PictureSize(text) { size = given }
        }
        for index in ratioAt {
            if let given = values[index].text.flatMap({ AspectRatio($0) }) { ratio = given }
        }
        for index in sizeAt {
            guard let text = values[index].text else { continue }
            ratio = AspectRatio(text) ?? ratio
            size = PictureSize(text) ?? size
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
