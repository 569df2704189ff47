/// What `render` accepts.
package enum MediaLimits {
    /// Each side of an image, in pixels.
    package static let imageSide = 16...8192
    /// Each side of a video, in pixels: room for the clock, and what a decoder of H.264 level 6 must take.
    package static let videoSide = 64...4096
    package static let seconds = 1...3600
    package static let count = 1...16
    /// All files of one archive together; bounds the memory of `render` at about twice this.
    package static let archiveBytes = 40_000_000
}
