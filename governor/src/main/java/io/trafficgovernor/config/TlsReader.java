package io.trafficgovernor.config;

import io.trafficgovernor.config.GovernorConfig.Wire;
import io.trafficgovernor.tls.BadPemException;
import io.trafficgovernor.tls.Pem;
import io.trafficgovernor.tls.TlsFiles;
import io.trafficgovernor.tls.TlsFiles.Identity;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Reads the {@code tls} sections, and the files they name: a certificate that cannot be used is a
 * fault of the configuration, not a surprise at the first connection. Blocks.
 */
final class TlsReader {
  private static final Form<String> FILE = Form.text("[^\\x00]+", "a file");
  private static final Form<String> SERVER_NAME = Form.text("[A-Za-z0-9.-]{1,253}", "a host name");

  private TlsReader() {}

  /** Of a port; empty if nothing is given. Whoever gives authorities asks clients for a proof. */
  static Optional<TlsFiles> server(Section section, boolean clientsProve) {
    Optional<String> cert = section.present("cert", FILE, "");
    Optional<String> key = section.present("key", FILE, "");
    Optional<String> ca = clientsProve ? section.present("client-ca", FILE, "") : Optional.empty();
    section.end();
    if (cert.isEmpty() && key.isEmpty() && ca.isEmpty()) {
      return Optional.empty();
    }
    if (cert.isEmpty() || key.isEmpty()) {
      section.fault(cert.isEmpty() ? "cert" : "key", "is missing; allowed: " + FILE.allowed());
      return Optional.empty();
    }
    return Optional.of(checked(section, files(cert, key, ca), "client-ca"));
  }

  /** Of a backend. */
  static Wire client(Section section, boolean http2) {
    Optional<String> cert = section.present("cert", FILE, "");
    Optional<String> key = section.present("key", FILE, "");
    Optional<String> ca = section.present("ca", FILE, "");
    Optional<String> name = section.present("server-name", SERVER_NAME, "localhost");
    section.end();
    if (cert.isPresent() != key.isPresent()) {
      section.fault(cert.isEmpty() ? "cert" : "key", "is missing; allowed: both, or none");
    }
    return new Wire(http2, checked(section, files(cert, key, ca), "ca"), name);
  }

  private static TlsFiles files(
      Optional<String> cert, Optional<String> key, Optional<String> authorities) {
    Optional<Identity> identity =
        cert.flatMap(first -> key.map(second -> new Identity(Path.of(first), Path.of(second))));
    return new TlsFiles(identity, authorities.map(Path::of));
  }

  private static TlsFiles checked(Section section, TlsFiles files, String authoritiesKey) {
    check(section, new TlsFiles(files.identity(), Optional.empty()), authoritiesKey);
    check(section, new TlsFiles(Optional.empty(), files.authorities()), authoritiesKey);
    return files;
  }

  private static void check(Section section, TlsFiles files, String authoritiesKey) {
    try {
      Pem unused = Pem.read(files);
    } catch (BadPemException e) {
      section.fault(
          e.part().equals("ca") ? authoritiesKey : e.part(), String.valueOf(e.getMessage()));
    }
  }
}
