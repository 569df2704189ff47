import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.URL;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.io.entity.EntityUtils;
import org.apache.hc.core5.http.io.entity.StringEntity;

/**
 * One job after another by a Java library: Client http-client|url-connection|apache|okhttp
 *
 * The code around it is what a tutorial shows; whatever is thrown ends the job.
 */
public class Client {
    static final String BASE = System.getenv("CLIPRISE_BASE_URL");
    static final int JOBS = Integer.parseInt(System.getenv("CLIENT_JOBS"));
    static final long PAUSE = (long) (1000 * Double.parseDouble(System.getenv("PAUSE")));

    record Answer(int status, byte[] body) {}

    interface Library {
        Answer ask(String url, String key, String body) throws Exception;
    }

    static Library httpClient() {
        HttpClient client = HttpClient.newHttpClient();
        return (url, key, body) -> {
            HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url)).version(HttpClient.Version.HTTP_1_1);
            if (body != null) {
                request.header("Authorization", "Bearer " + key).header("Content-Type", "application/json")
                    .POST(HttpRequest.BodyPublishers.ofString(body));
            }
            HttpResponse<byte[]> answer = client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
            return new Answer(answer.statusCode(), answer.body());
        };
    }

    static Library urlConnection() {
        return (url, key, body) -> {
            HttpURLConnection connection = (HttpURLConnection) new URL(url).openConnection();
            if (body != null) {
                connection.setRequestMethod("POST");
                connection.setRequestProperty("Authorization", "Bearer " + key);
                connection.setRequestProperty("Content-Type", "application/json");
                connection.setDoOutput(true);
                connection.getOutputStream().write(body.getBytes());
            }
            int status = connection.getResponseCode();
            try (InputStream stream = status < 400 ? connection.getInputStream() : connection.getErrorStream()) {
                return new Answer(status, stream == null ? new byte[0] : stream.readAllBytes());
            }
        };
    }

    static Library apache() {
        CloseableHttpClient client = HttpClients.createDefault();
        return (url, key, body) -> {
            HttpUriRequestBase request = new HttpUriRequestBase(body == null ? "GET" : "POST", URI.create(url));
            if (body != null) {
                request.addHeader("Authorization", "Bearer " + key);
                request.setEntity(new StringEntity(body, ContentType.create("application/json")));
            }
            return client.execute(request, answer ->
                new Answer(answer.getCode(), EntityUtils.toByteArray(answer.getEntity())));
        };
    }

    static Library okhttp() {
        OkHttpClient client = new OkHttpClient();
        return (url, key, body) -> {
            Request.Builder request = new Request.Builder().url(url);
            if (body != null) {
                request.header("Authorization", "Bearer " + key)
                    .post(RequestBody.create(MediaType.get("application/json"), body.getBytes()));
            }
            try (okhttp3.Response answer = client.newCall(request.build()).execute()) {
                return new Answer(answer.code(), answer.body().bytes());
            }
        };
    }

    static Answer call(Library library, String url, String key, String body) throws Exception {
        Answer answer = library.ask(url, key, body);
        if (answer.status() >= 400) throw new IOException("HTTP " + answer.status());
        return answer;
    }

    static String field(Answer answer, String name) throws IOException {
        Matcher found = Pattern.compile("\"" + name + "\":\"([^\"]*)\"").matcher(new String(answer.body()));
        if (!found.find()) throw new IOException("no " + name);
        return found.group(1).replace("\\/", "/");
    }

    static void job(Library library, String key, int number) throws Exception {
        String body = """
            {"model":"qwen-image-2","callBackUrl":"https://hooks.example.com/done","input":{"prompt":"Job %d of %d",\
            "image_size":"16:9","output_format":"jpeg","seed":424242}}""".formatted(number, JOBS);
        String task = field(call(library, BASE + "/app/cliprise/generate", key, body), "taskId");
        for (int poll = 0; poll < 60; poll++) {
            Thread.sleep(PAUSE);
            String url = BASE + "/app/cliprise/status?apiKey=" + key + "&taskId=" + task;
            Answer answer = call(library, url, key, null);
            if (answer.status() != 300) {
                call(library, field(answer, "fileURL"), key, null);
                return;
            }
        }
    }

    public static void main(String[] arguments) throws Exception {
        Library library = switch (arguments[0]) {
            case "http-client" -> httpClient();
            case "url-connection" -> urlConnection();
            case "apache" -> apache();
            default -> okhttp();
        };
        for (String key : System.getenv("CLIENT_KEYS").split(" ")) {
            for (int number = 1; number <= JOBS; number++) {
                try {
                    job(library, key, number);
                } catch (Exception problem) {
                    System.err.println(key + " " + number + ": " + problem);
                }
            }
        }
        System.exit(0);
    }
}
