# One job after another by a Ruby library: client.rb net-http|faraday|faraday-retry|faraday-retry-post
# The code around it is what a tutorial shows; whatever is raised ends the job.
require "date"
require "json"
require "net/http"

BASE = ENV.fetch("CLIPRISE_BASE_URL")
PAUSE = ENV.fetch("PAUSE").to_f
JOBS = ENV.fetch("CLIENT_JOBS").to_i
srand(ENV.fetch("CLIPRISE_MOCK_SEED").to_i)

def net_http
  uri = URI(BASE)
  http = Net::HTTP.start(uri.host, uri.port)
  lambda do |method, url, fields, body|
    http = Net::HTTP.start(uri.host, uri.port) unless http.started?
    answer = http.send_request(method, URI(url).request_uri, body, fields)
    [answer.code.to_i, answer.body]
  end
end

def faraday(*settings)
  require "faraday"
  connection = Faraday.new do |stack|
    stack.request(:retry, *settings) unless settings.empty?
    stack.adapter :net_http
  end
  lambda do |method, url, fields, body|
    answer = connection.run_request(method.downcase.to_sym, url, body, fields)
    [answer.status, answer.body]
  end
end

CALL =
  case ARGV[0]
  when "net-http" then net_http
  when "faraday" then faraday
  when "faraday-retry" then faraday({})
  when "faraday-retry-post"
    require "faraday"
    faraday({ max: 5, interval: 1, backoff_factor: 2, methods: %i[get post],
              retry_statuses: [429, 500, 502, 503, 504],
              exceptions: [Errno::ETIMEDOUT, Faraday::TimeoutError, Faraday::ConnectionFailed, Faraday::RetriableResponse] })
  end

def call(*request)
  code, body = CALL.call(*request)
  raise "HTTP #{code}" if code >= 400
  [code, body]
end

def first(text)
  answer = JSON.parse(text)
  answer.is_a?(Array) ? answer[0] : answer
end

def job(key, number)
  body = JSON.generate(
    model: "qwen-image-2", callBackUrl: "https://hooks.example.com/done",
    input: { prompt: "Job #{number} of #{JOBS}", image_size: "16:9", output_format: "jpeg", seed: 424_242 }
  )
  fields = { "Authorization" => "Bearer #{key}", "Content-Type" => "application/json" }
  task = first(call("POST", "#{BASE}/app/cliprise/generate", fields, body)[1]).fetch("taskId")
  60.times do
    sleep PAUSE
    code, answer = call("GET", "#{BASE}/app/cliprise/status?apiKey=#{key}&taskId=#{task}", {}, nil)
    next if code == 300
    return call("GET", first(answer).fetch("fileURL"), {}, nil)
  end
end

ENV.fetch("CLIENT_KEYS").split.each do |key|
  (1..JOBS).each do |number|
    job(key, number)
  rescue StandardError => e
    warn "#{key} #{number}: #{e.class}: #{e.message}"
  end
end
