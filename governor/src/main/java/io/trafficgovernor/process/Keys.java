package io.trafficgovernor.process;

import io.trafficgovernor.config.Fallback;
import io.trafficgovernor.config.GovernorConfig;
import io.trafficgovernor.config.Origin;
import io.trafficgovernor.tls.BadPemException;
import io.trafficgovernor.tls.Certificates;
import io.trafficgovernor.tls.Keyring;
import io.trafficgovernor.tls.TlsFiles;
import java.util.Optional;

/** Reads the certificates that a configuration names. Blocks. */
public final class Keys {
  private Keys() {}

  /**
   * The certificates of a node.
   *
   * @throws StartFailedException if they are gone since the configuration was checked
   */
  public static Keyring of(GovernorConfig config) throws StartFailedException {
    return new Keyring(
        read("listen", config.listen().tls()),
        read("operator", config.operator().tls()),
        read("backends[0]", toOrigins(config.backend())),
        read("backends[1]", Fallback.backend(config).flatMap(Keys::toOrigins)));
  }

  private static Optional<TlsFiles> toOrigins(GovernorConfig.Backend backend) {
    boolean toTls = backend.origins().stream().anyMatch(Origin::tls);
    return toTls ? Optional.of(backend.wire().tls()) : Optional.empty();
  }

  private static Optional<Certificates> read(String place, Optional<TlsFiles> files)
      throws StartFailedException {
    if (files.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(Certificates.read(place, files.get()));
    } catch (BadPemException e) {
      throw new StartFailedException(place + ".tls." + e.part() + ": " + e.getMessage(), e);
    }
  }
}
