package io.trafficgovernor.answers.journal;

import io.trafficgovernor.answers.journal.Receipt.State;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * The journal on disk: one SQLite file in WAL mode with {@code synchronous=FULL}, so that a commit
 * has been fsynced when it returns, and a lock that keeps a second process out. A row stays until
 * its receipt is no longer wanted. Blocks; for one thread.
 */
final class JournalFile implements AutoCloseable {
  private static final String NAME = "journal.db";

  /** What may be long stands last: a receipt can be read where a page behind it cannot. */
  private static final String TABLE =
      """
      CREATE TABLE IF NOT EXISTS writes (
        seq INTEGER PRIMARY KEY AUTOINCREMENT,
        id TEXT NOT NULL UNIQUE,
        client INTEGER NOT NULL,
        idempotency_key TEXT NOT NULL,
        print INTEGER NOT NULL,
        target TEXT NOT NULL,
        class TEXT NOT NULL,
        method TEXT NOT NULL,
        uri TEXT NOT NULL,
        accepted INTEGER NOT NULL,
        bytes INTEGER NOT NULL,
        state INTEGER NOT NULL DEFAULT 0,
        finished INTEGER NOT NULL DEFAULT 0,
        status INTEGER NOT NULL DEFAULT 0,
        headers TEXT NOT NULL,
        body BLOB NOT NULL,
        UNIQUE (client, idempotency_key))""";

  private static final String RECEIPT =
      "SELECT id, idempotency_key, class, state, accepted, finished, status, print FROM writes ";
  private static final String INSERT =
      "INSERT INTO writes (id, client, idempotency_key, print, target, class, method, uri, headers,"
          + " body, accepted, bytes) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
  private static final String FINISH =
      "UPDATE writes SET state = ?, finished = ?, status = ?, headers = '[]', body = x''"
          + " WHERE seq = ? AND state = 0";

  /** Statements are made anew each time: one that has met a damaged page is of no use again. */
  private final Connection connection;

  /** A queued row, as far as the order of deliveries needs it. */
  record Row(long seq, String target, long acceptedMillis, long bytes) {}

  /** What was set aside. */
  record Aside(long rows, long bytes) {}

  /** A receipt and the print of the write it is for. */
  record Printed(Receipt receipt, long print) {}

  private JournalFile(Connection connection) {
    this.connection = connection;
  }

  /**
   * Opens the journal of a folder, or begins one that only this user can read.
   *
   * @throws IOException if it cannot be used, or another process uses it
   */
  static JournalFile open(Path folder) throws IOException {
    Path file = folder.resolve(NAME);
    try {
      Files.createDirectories(folder);
      if (!Files.exists(file)) {
        Files.createFile(file);
      }
      if (Files.getFileStore(file).supportsFileAttributeView("posix")) {
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
      }
      // its native part is unpacked here and not in a folder that others can write to
      System.setProperty("org.sqlite.tmpdir", folder.toAbsolutePath().toString());
      return opened(DriverManager.getConnection("jdbc:sqlite:" + file));
    } catch (SQLException e) {
      throw new IOException("journal " + file + " cannot be used: " + e.getMessage(), e);
    }
  }

  /** Its lock is let go of if it cannot be used. */
  private static JournalFile opened(Connection connection) throws SQLException {
    try (Statement setting = connection.createStatement()) {
      setting.execute("PRAGMA locking_mode = EXCLUSIVE");
      setting.execute("PRAGMA journal_mode = WAL");
      setting.execute("PRAGMA synchronous = FULL");
      setting.execute("PRAGMA secure_delete = ON");
      setting.execute(TABLE);
      setting.execute("CREATE INDEX IF NOT EXISTS finished ON writes (state, finished)");
      connection.setAutoCommit(false);
      return new JournalFile(connection);
    } catch (SQLException e) {
      try {
        connection.close();
      } catch (SQLException alsoThat) {
        e.addSuppressed(alsoThat);
      }
      throw e;
    }
  }

  /**
   * Every queued row, in order. The index alone tells where they are, so that one page that cannot
   * be read does not hide the others.
   *
   * @param damaged told of a row of which nothing but its place is known
   */
  void queued(Consumer<Row> each, BiConsumer<Row, SQLException> damaged) throws SQLException {
    for (long seq : queuedPlaces()) {
      try {
        row(seq).ifPresent(each);
      } catch (SQLException e) {
        if (!Damage.is(e)) {
          throw e;
        }
        damaged.accept(new Row(seq, "", 0, 0), e);
      }
    }
  }

  private List<Long> queuedPlaces() throws SQLException {
    List<Long> places = new ArrayList<>();
    try (Statement query = connection.createStatement();
        ResultSet rows =
            query.executeQuery(
                "SELECT seq FROM writes INDEXED BY finished WHERE state = 0 ORDER BY seq")) {
      while (rows.next()) {
        places.add(rows.getLong(1));
      }
    }
    return places;
  }

  private Optional<Row> row(long seq) throws SQLException {
    try (PreparedStatement query =
        connection.prepareStatement("SELECT target, accepted, bytes FROM writes WHERE seq = ?")) {
      query.setLong(1, seq);
      try (ResultSet row = query.executeQuery()) {
        return row.next()
            ? Optional.of(new Row(seq, row.getString(1), row.getLong(2), row.getLong(3)))
            : Optional.empty();
      }
    }
  }

  /** How many rows were set aside, and what they take. */
  Aside aside() throws SQLException {
    try (Statement query = connection.createStatement();
        ResultSet row =
            query.executeQuery(
                "SELECT count(*), coalesce(sum(bytes), 0) FROM writes WHERE state = "
                    + State.UNREADABLE.code())) {
      row.next();
      return new Aside(row.getLong(1), row.getLong(2));
    }
  }

  /** The receipt for that client's key, if there is one. */
  Optional<Printed> known(long client, String idempotencyKey) throws SQLException {
    try (PreparedStatement query =
        connection.prepareStatement(RECEIPT + "WHERE client = ? AND idempotency_key = ?")) {
      query.setLong(1, client);
      query.setString(2, idempotencyKey);
      return printed(query);
    }
  }

  Optional<Receipt> receipt(String id) throws SQLException {
    try (PreparedStatement query = connection.prepareStatement(RECEIPT + "WHERE id = ?")) {
      query.setString(1, id);
      return printed(query).map(Printed::receipt);
    }
  }

  /** The receipt in that place, whatever became of it. */
  Optional<Receipt> receiptAt(long seq) throws SQLException {
    try (PreparedStatement query = connection.prepareStatement(RECEIPT + "WHERE seq = ?")) {
      query.setLong(1, seq);
      return printed(query).map(Printed::receipt);
    }
  }

  private static Optional<Printed> printed(PreparedStatement query) throws SQLException {
    try (ResultSet row = query.executeQuery()) {
      if (!row.next()) {
        return Optional.empty();
      }
      Receipt receipt =
          new Receipt(
              row.getString(1),
              row.getString(2),
              row.getString(3),
              State.of(row.getInt(4)),
              row.getLong(5),
              row.getLong(6),
              row.getInt(7));
      return Optional.of(new Printed(receipt, row.getLong(8)));
    }
  }

  /** Writes a row; it is on disk after the next {@link #commit}. The number is its place. */
  long insert(JournaledWrite write) throws SQLException {
    JsonArray headers = new JsonArray();
    write.headers().forEach(each -> headers.add(each.getKey()).add(each.getValue()));
    try (PreparedStatement insert =
        connection.prepareStatement(INSERT, Statement.RETURN_GENERATED_KEYS)) {
      insert.setString(1, write.id());
      insert.setLong(2, write.client());
      insert.setString(3, write.idempotencyKey());
      insert.setLong(4, write.print());
      insert.setString(5, write.target());
      insert.setString(6, write.className());
      insert.setString(7, write.method());
      insert.setString(8, write.uri());
      insert.setString(9, headers.encode());
      insert.setBytes(10, write.body().getBytes());
      insert.setLong(11, write.acceptedMillis());
      insert.setLong(12, write.bytes());
      insert.executeUpdate();
      try (ResultSet keys = insert.getGeneratedKeys()) {
        keys.next();
        return keys.getLong(1);
      }
    }
  }

  /** The write in that place, if it is still queued. */
  Optional<JournaledWrite> read(long seq) throws SQLException {
    try (PreparedStatement query =
        connection.prepareStatement(
            "SELECT id, client, idempotency_key, print, target, class, method, uri, headers, body,"
                + " accepted FROM writes WHERE seq = ? AND state = 0")) {
      query.setLong(1, seq);
      try (ResultSet row = query.executeQuery()) {
        return row.next() ? Optional.of(write(row)) : Optional.empty();
      }
    }
  }

  private static JournaledWrite write(ResultSet row) throws SQLException {
    JsonArray texts = new JsonArray(row.getString(9));
    List<Map.Entry<String, String>> headers = new ArrayList<>();
    for (int i = 0; i + 1 < texts.size(); i += 2) {
      headers.add(Map.entry(texts.getString(i), texts.getString(i + 1)));
    }
    return new JournaledWrite(
        row.getString(1),
        row.getLong(2),
        row.getString(3),
        row.getLong(4),
        row.getString(5),
        row.getString(6),
        row.getString(7),
        row.getString(8),
        headers,
        Buffer.buffer(row.getBytes(10)),
        row.getLong(11));
  }

  /** It is over; body and headers are wiped, the receipt stays. */
  void finish(long seq, State state, int status, long nowMillis) throws SQLException {
    try (PreparedStatement finish = connection.prepareStatement(FINISH)) {
      finish.setInt(1, state.code());
      finish.setLong(2, nowMillis);
      finish.setInt(3, status);
      finish.setLong(4, seq);
      finish.executeUpdate();
    }
  }

  /** It cannot be read; headers and body stay as they are. */
  void setAside(long seq, long nowMillis) throws SQLException {
    try (PreparedStatement update =
        connection.prepareStatement("UPDATE writes SET state = ?, finished = ? WHERE seq = ?")) {
      update.setInt(1, State.UNREADABLE.code());
      update.setLong(2, nowMillis);
      update.setLong(3, seq);
      update.executeUpdate();
    }
  }

  /** Forgets receipts of what was over before that time, but nothing that was set aside. */
  void forget(long beforeMillis) throws SQLException {
    try (PreparedStatement delete =
        connection.prepareStatement(
            "DELETE FROM writes WHERE state BETWEEN 1 AND 3 AND finished < ?")) {
      delete.setLong(1, beforeMillis);
      delete.executeUpdate();
    }
  }

  /** Everything since the last one is on disk when this returns. */
  void commit() throws SQLException {
    connection.commit();
  }

  /** Everything since the last commit has not been. */
  void rollback() throws SQLException {
    try {
      connection.rollback();
    } catch (SQLException e) {
      // SQLite has done so on its own, and the driver does not know: it would begin no other
      beginAnew(e);
    }
  }

  private void beginAnew(SQLException lost) throws SQLException {
    try {
      connection.setAutoCommit(true);
    } catch (SQLException nothingToCommit) {
      lost.addSuppressed(nothingToCommit);
    }
    connection.setAutoCommit(false);
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
