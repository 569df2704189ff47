# One job with Ruby's Net::HTTP. net_http.rb [value-raises] [retries-all]
require "json"
require "net/http"
require "uri"

HABITS = ARGV
BASE = URI(ENV.fetch("CLIPRISE_BASE_URL"))
KEY = ENV.fetch("CLIPRISE_API_KEY")
HTTP = Net::HTTP.start(BASE.host, BASE.port)

def first(text)
  value = JSON.parse(text)
  value.is_a?(Array) ? value[0] : value
end

def generate
  request = Net::HTTP::Post.new("/app/cliprise/generate", "Content-Type" => "application/json",
                                "Authorization" => "Bearer #{KEY}")
  request.body = JSON.generate(
    model: "qwen-image-2", callBackUrl: "https://hooks.example.com/done",
    input: { prompt: "A pier", image_size: "16:9", output_format: "jpeg", seed: 424242 })
  tries = 0
  begin
    first(HTTP.request(request).body)["taskId"]
  rescue StandardError
    tries += 1
    retry if HABITS.include?("retries-all") && tries < 3
    raise
  end
end

def poll(task)
  60.times do |failures|
    begin
      answer = HTTP.request(Net::HTTP::Get.new("/app/cliprise/status?apiKey=#{KEY}&taskId=#{task}"))
      # Raises for all but 2xx, and 300 is none.
      answer.value if HABITS.include?("value-raises")
      next if answer.code == "300"
      return nil if answer.code.start_with?("4")
      record = first(answer.body)
      return record["fileURL"] if record["status"] == "success"
    rescue Net::ProtocolError, Net::HTTPExceptions
      return nil
    rescue IOError, SystemCallError, JSON::ParserError, NoMethodError, TypeError
      nil
    end
    sleep(rand * [0.5, 0.02 * 2**[failures, 5].min].min)
  end
  nil
end

begin
  task = generate
  link = task && poll(task)
  if link
    uri = URI(link)
    8.times do |failures|
      begin
        data = Net::HTTP.get(uri)
        break if data.byteslice(-2, 2).unpack("C2") == [0xff, 0xd9]
      rescue IOError, SystemCallError
        nil
      end
      sleep(rand * 0.02 * 2**failures)
    end
  end
rescue StandardError => e
  warn e.class
end
