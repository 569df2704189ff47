// Generate, poll through 300, download. Takes CLIPRISE_BASE_URL and CLIPRISE_API_KEY; the argument is the file to write.
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;

class Client {
    static final HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1)
        .proxy(java.net.ProxySelector.getDefault()).build();

    static HttpResponse<byte[]> send(HttpRequest.Builder request) throws Exception {
        return http.send(request.build(), BodyHandlers.ofByteArray());
    }

    static String find(String pattern, byte[] text) {
        var match = Pattern.compile(pattern).matcher(new String(text));
        if (!match.find()) throw new IllegalStateException(new String(text));
        return match.group(1);
    }

    public static void main(String[] arguments) throws Exception {
        var base = System.getenv("CLIPRISE_BASE_URL") + "/app/cliprise";
        var key = System.getenv("CLIPRISE_API_KEY");
        var accepted = send(HttpRequest.newBuilder(URI.create(base + "/generate"))
            .header("Authorization", "Bearer " + key).header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString("""
                {"model": "qwen-image-2", "callBackUrl": "https://your-service.example.com/webhooks/cliprise",
                 "input": {"prompt": "A lighthouse", "image_size": "16:9", "output_format": "jpeg", "seed": 424242}}
                """)));
        var task = find("\"taskId\":\"([0-9a-f]{32})\"", accepted.body());
        var polls = 0;
        HttpResponse<byte[]> status;
        while (true) {
            status = send(HttpRequest.newBuilder(URI.create(base + "/status?apiKey=" + key + "&taskId=" + task)));
            if (status.statusCode() == 200) break;
            if (status.statusCode() != 300) throw new IllegalStateException("status: " + status.statusCode());
            polls++;
            Thread.sleep(20);
        }
        var file = send(HttpRequest.newBuilder(URI.create(find("\"fileURL\":\"([^\"]+)\"", status.body()))));
        Files.write(Path.of(arguments[0]), file.body());
        var type = file.headers().firstValue("Content-Type").orElse("");
        System.out.println("{\"polls\":" + polls + ",\"type\":\"" + type + "\"}");
    }
}
