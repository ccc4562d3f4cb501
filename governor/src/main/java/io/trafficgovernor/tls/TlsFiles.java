package io.trafficgovernor.tls;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import java.util.Optional;

/**
 * The PEM files of one end of TLS.
 *
 * @param identity what this end shows of itself; empty if it shows nothing
 * @param authorities whose signatures this end believes; empty for those of the JDK
 */
public record TlsFiles(Optional<Identity> identity, Optional<Path> authorities) {
  public TlsFiles {
    requireNonNull(identity, "identity");
    requireNonNull(authorities, "authorities");
  }

  /** No files: this end shows nothing, and believes whom the JDK believes. */
  public static TlsFiles none() {
    return new TlsFiles(Optional.empty(), Optional.empty());
  }

  /**
   * A certificate and what proves that it is ours.
   *
   * @param cert the certificate, followed by those that lead to the authority
   * @param key its private key, not encrypted
   */
  public record Identity(Path cert, Path key) {
    public Identity {
      requireNonNull(cert, "cert");
      requireNonNull(key, "key");
    }
  }
}
