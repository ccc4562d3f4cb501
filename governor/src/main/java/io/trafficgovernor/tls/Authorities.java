package io.trafficgovernor.tls;

import io.vertx.core.net.PemTrustOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.Optional;
import javax.net.ssl.SSLContext;

/** Whom a client of the JDK believes. */
public final class Authorities {
  private Authorities() {}

  /**
   * A context that believes what these authorities have signed, and shows nothing. Blocks.
   *
   * @throws IOException if the file cannot be used
   */
  public static SSLContext trusting(Path file) throws IOException {
    try {
      Pem pem = Pem.read(new TlsFiles(Optional.empty(), Optional.of(file)));
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(
          null,
          new PemTrustOptions()
              .addCertValue(pem.authorities())
              .getTrustManagerFactory(null)
              .getTrustManagers(),
          null);
      return context;
    } catch (BadPemException e) {
      throw new IOException(e.part() + ": " + e.getMessage(), e);
    } catch (GeneralSecurityException e) {
      throw new IOException("no TLS: " + e, e);
    } catch (Exception e) {
      throw new IOException(file + " cannot be used: " + e, e);
    }
  }
}
