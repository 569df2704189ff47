# Polls every PAUSE seconds until the task has ended; prints the number of polls.
require 'json'
require 'net/http'

base, key = ENV['CLIPRISE_BASE_URL'] + '/app/cliprise', ENV['CLIPRISE_API_KEY']
reply = Net::HTTP.post(
  URI("#{base}/generate"), ENV['BODY'],
  'Authorization' => "Bearer #{key}", 'Content-Type' => 'application/json')
task = JSON.parse(reply.body)[0]['taskId']
polls = 0
while Net::HTTP.get_response(URI("#{base}/status?apiKey=#{key}&taskId=#{task}")).code == '300'
  polls += 1
  sleep ENV['PAUSE'].to_f
end
puts polls
