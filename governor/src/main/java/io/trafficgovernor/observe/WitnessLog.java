package io.trafficgovernor.observe;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import io.trafficgovernor.admission.lease.Grant;
import io.trafficgovernor.admission.request.NodeSnapshot;
import java.io.Closeable;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes down what this node was granted and what it sent, so that somebody else can check the
 * envelope afterwards without believing the node's own meters: {@code loadtest witness}.
 *
 * <p>One line a look: the monotonic clock in nanoseconds, tokens granted since the start, requests
 * sent since the start, the node's rate and the cluster's ceiling per second as it knows them, and
 * 1 if the rate binds. At most two files of {@value #MOST_BYTES} bytes. Not thread-safe.
 */
public final class WitnessLog implements Closeable {
  private static final Logger LOG = LoggerFactory.getLogger(WitnessLog.class);
  private static final long MOST_BYTES = 16_000_000;

  private final Path file;
  private Writer out;
  private long written;
  private boolean broken;

  private WitnessLog(Path file, Writer out) {
    this.file = file;
    this.out = out;
  }

  /**
   * Goes on with the file of that directory.
   *
   * @throws IOException if it cannot be written to
   */
  public static WitnessLog open(Path directory) throws IOException {
    Path file = requireNonNull(directory, "directory").resolve("witness.log");
    WitnessLog log = new WitnessLog(file, appending(file));
    log.written = Files.size(file);
    return log;
  }

  private static Writer appending(Path file) throws IOException {
    return Files.newBufferedWriter(
        file, UTF_8, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }

  /** Adds a line; a disk that is full ends the log, not the node. */
  public void add(long nowNanos, NodeSnapshot node) {
    if (broken) {
      return;
    }
    String line = line(nowNanos, node);
    try {
      if (written + line.length() > MOST_BYTES) {
        out.close();
        Files.move(
            file,
            file.resolveSibling(file.getFileName() + ".1"),
            StandardCopyOption.REPLACE_EXISTING);
        out = appending(file);
        written = 0;
      }
      out.write(line);
      out.flush();
      written += line.length();
    } catch (IOException e) {
      broken = true;
      LOG.warn("{} ends here: {}", file, e.toString());
    }
  }

  static String line(long nowNanos, NodeSnapshot node) {
    long sent = node.classes().stream().mapToLong(NodeSnapshot.ClassCounts::sentTokens).sum();
    double ceiling =
        node.lease()
            .map(lease -> lease.grant().cluster())
            .map(Grant.ClusterView::ceilingPerSecond)
            .orElse(0.0);
    boolean bound =
        node.isolated() || node.lease().map(l -> l.grant().cluster().boundByRate()).orElse(true);
    return "%d %.3f %d %.3f %.3f %d%n"
        .formatted(
            nowNanos, node.grantedTokens(), sent, node.ratePerSecond(), ceiling, bound ? 1 : 0);
  }

  @Override
  public void close() throws IOException {
    out.close();
  }
}
