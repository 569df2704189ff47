# Generate, poll through 300, download. Takes CLIPRISE_BASE_URL and CLIPRISE_API_KEY; the argument is the file to write.
require "json"
require "net/http"
require "uri"

base = "#{ENV.fetch("CLIPRISE_BASE_URL")}/app/cliprise"
key = ENV.fetch("CLIPRISE_API_KEY")

order = {
  model: "qwen-image-2", callBackUrl: "https://your-service.example.com/webhooks/cliprise",
  input: { prompt: "A lighthouse", image_size: "16:9", output_format: "jpeg", seed: 424242 }
}
fields = { "Authorization" => "Bearer #{key}", "Content-Type" => "application/json" }
reply = Net::HTTP.post(URI("#{base}/generate"), order.to_json, fields)
abort "generate: #{reply.code} #{reply.body}" unless reply.code == "200"
task = JSON.parse(reply.body)[0]["taskId"]

polls = 0
loop do
  reply = Net::HTTP.get_response(URI("#{base}/status?#{URI.encode_www_form(apiKey: key, taskId: task)}"))
  break if reply.code == "200"

  abort "status: #{reply.code} #{reply.body}" unless reply.code == "300"
  polls += 1
  sleep 0.02
end

reply = Net::HTTP.get_response(URI(JSON.parse(reply.body)["fileURL"]))
File.binwrite(ARGV[0], reply.body)
puts JSON.generate(polls: polls, type: reply["Content-Type"])
