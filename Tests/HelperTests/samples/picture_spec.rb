require "json"
require "net/http"
require_relative "cliprise_mock"

BODY = { model: "z-image", callBackUrl: "https://hooks.example.com/done",
         input: { prompt: "A pier", aspect_ratio: "1:1" } }.freeze

def generate(mock)
  uri = URI("#{mock.base_url}/app/cliprise/generate")
  request = Net::HTTP::Post.new(uri, "Content-Type" => "application/json", "Authorization" => "Bearer #{mock.key}")
  request.body = JSON.generate(BODY)
  Net::HTTP.new(uri.host, uri.port, nil).start { |http| http.request(request) }
end

def first(text)
  value = JSON.parse(text)
  value.is_a?(Array) ? value.first : value
end

def make(mock, resends:)
  begin
    reply = generate(mock)
  rescue EOFError, Errno::ECONNRESET
    return unless resends

    reply = generate(mock)
  end
  status = URI("#{mock.base_url}/app/cliprise/status?apiKey=#{mock.key}&taskId=#{first(reply.body)["taskId"]}")
  60.times do
    reply = Net::HTTP.get_response(status)
    return Net::HTTP.get(URI(first(reply.body)["fileURL"])) if reply.code == "200"
  end
  raise "it never ended"
end

RSpec.describe "pictures" do
  context "good", scenario: "flaky-polling" do
    include_context "cliprise mock"
    it("polls on") { expect(make(cliprise, resends: false)).to be }
    it("has a clock of its own, and a name beyond what the server takes #{"ü" * 120}") do
      cliprise.freeze_clock
      expect(JSON.parse(cliprise.advance("90s"))["now"]).to be >= 90
    end
  end

  if ENV["WITH_BAD"]
    context "bad", scenario: "lost-reply" do
      include_context "cliprise mock"
      it("buys again") { expect(make(cliprise, resends: true)).to be }
    end
  end
end
