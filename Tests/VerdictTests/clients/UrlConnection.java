import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Jobs with the JDK's two libraries: UrlConnection.java [JOBS] [http-client] [no-retry-post] [all-methods] [ok-only] [give-up]
 *
 * HttpURLConnection sends a POST again by itself when a connection that it kept dies under it, unless it is told not to.
 */
public class UrlConnection {
    static final String BASE = System.getenv("CLIPRISE_BASE_URL");
    static final String KEY = System.getenv("CLIPRISE_API_KEY");
    static Set<String> habits;
    static HttpClient client;

    record Answer(int status, byte[] body) {
        String field(String name) {
            Matcher found = Pattern.compile("\"" + name + "\":\\s*\"([^\"]*)\"").matcher(new String(body));
            return found.find() ? found.group(1).replace("\\/", "/") : "";
        }
    }

    static Answer ask(String url, String body) throws IOException, InterruptedException {
        if (client != null) {
            HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url)).version(HttpClient.Version.HTTP_1_1);
            if (body != null) {
                request.header("Authorization", "Bearer " + KEY).header("Content-Type", "application/json")
                    .POST(HttpRequest.BodyPublishers.ofString(body));
            }
            HttpResponse<byte[]> answer = client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
            return new Answer(answer.statusCode(), answer.body());
        }
        HttpURLConnection connection = (HttpURLConnection) URI.create(url).toURL().openConnection();
        connection.setInstanceFollowRedirects(false);
        if (body != null) {
            connection.setRequestMethod("POST");
            connection.setRequestProperty("Authorization", "Bearer " + KEY);
            connection.setRequestProperty("Content-Type", "application/json");
            connection.setDoOutput(true);
            connection.getOutputStream().write(body.getBytes());
        }
        int status = connection.getResponseCode();
        try (InputStream stream = status < 400 ? connection.getInputStream() : connection.getErrorStream()) {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            if (stream != null) stream.transferTo(bytes);
            return new Answer(status, bytes.toByteArray());
        }
    }

    static void pause(int failures) throws InterruptedException {
        Thread.sleep((long) (Math.random() * Math.min(500, 20 << Math.min(failures, 5))));
    }

    static String poll(String task) throws InterruptedException {
        for (int failures = 0; failures < 12;) {
            try {
                Answer answer = ask(BASE + "/app/cliprise/status?apiKey=" + KEY + "&taskId=" + task, null);
                if (answer.status() == 300 && !habits.contains("ok-only")) {
                    failures = 0;
                    continue;
                }
                if (answer.status() >= 400 && answer.status() < 500 && answer.status() != 429) return "";
                if (answer.field("status").equals("success")) return answer.field("fileURL");
                if (habits.contains("ok-only") && answer.status() != 200) return "";
            } catch (IOException problem) {
                System.err.println("poll: " + problem);
            }
            if (habits.contains("give-up")) return "";
            pause(failures++);
        }
        return "";
    }

    static void download(String link) throws InterruptedException {
        for (int failures = 0; failures < 8; failures++) {
            try {
                Answer answer = ask(link, null);
                byte[] body = answer.body();
                if (answer.status() == 200 && body.length > 1 && body[body.length - 1] == (byte) 0xd9) return;
            } catch (IOException problem) {
                System.err.println("download: " + problem);
            }
            pause(failures);
        }
    }

    public static void main(String[] arguments) throws InterruptedException {
        int jobs = 1;
        for (String word : arguments) if (word.matches("\\d+")) jobs = Integer.parseInt(word);
        habits = Set.of(arguments);
        if (habits.contains("no-retry-post")) System.setProperty("sun.net.http.retryPost", "false");
        if (habits.contains("all-methods")) System.setProperty("jdk.httpclient.enableAllMethodRetry", "true");
        if (habits.contains("http-client")) client = HttpClient.newHttpClient();
        for (int number = 1; number <= jobs; number++) {
            String body = """
                {"model":"qwen-image-2","callBackUrl":"https://hooks.example.com/done","input":{"prompt":"A pier, %d",\
                "image_size":"16:9","output_format":"jpeg","seed":424242}}""".formatted(number);
            try {
                String task = ask(BASE + "/app/cliprise/generate", body).field("taskId");
                if (task.isEmpty()) continue;
                String link = poll(task);
                if (!link.isEmpty()) download(link);
            } catch (IOException problem) {
                System.err.println("job " + number + ": " + problem);
            }
        }
        System.exit(0);
    }
}
