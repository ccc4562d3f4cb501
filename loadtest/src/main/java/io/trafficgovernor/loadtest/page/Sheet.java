package io.trafficgovernor.loadtest.page;

/** The frame of an HTML page: self-contained, readable without the network. */
public final class Sheet {
  private static final String STYLE =
      """
      body { font: 14px/1.4 system-ui, sans-serif; margin: 24px auto; max-width: 1240px;
             padding: 0 16px; color: #222 }
      h1 { font-size: 22px; margin-bottom: 4px } h2 { font-size: 17px; margin: 28px 0 8px }
      p { margin: 4px 0 12px; color: #555 }
      table { border-collapse: collapse; width: 100% }
      td, th { padding: 3px 8px; border-bottom: 1px solid #ddd; text-align: left;
               vertical-align: top }
      th.n, td.n { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums }
      .scroll { overflow-x: auto }
      .grid { display: grid; grid-template-columns: repeat(auto-fit, minmax(480px, 1fr)); gap: 12px }
      svg { width: 100%; background: #fafafa; font: 10px system-ui, sans-serif }
      svg .t { font-size: 12px; font-weight: 600 } svg .y { text-anchor: end }
      svg .x { text-anchor: middle } svg .g { stroke: #ddd }
      svg .m { stroke: #000; stroke-dasharray: 3 3 }
      .PASS { color: #2a7d3a } .FAIL { color: #b3261e } .INCONCLUSIVE { color: #a15c00 }
      """;

  private Sheet() {}

  /**
   * Everything up to the heading.
   *
   * @param title plain text
   * @param verdict PASS, FAIL or INCONCLUSIVE
   * @param style what this page needs beyond the common style
   */
  public static String begin(String title, String verdict, String style) {
    String name = escape(title);
    return "<!doctype html><html lang='en'><head><meta charset='utf-8'>"
        + "<meta name='viewport' content='width=device-width'>"
        + "<title>%s</title><style>%s%s</style></head><body>%n".formatted(name, STYLE, style)
        + "<h1>%s: <span class='%s'>%s</span></h1>%n".formatted(name, verdict, verdict);
  }

  /** What closes the page. */
  public static String end() {
    return "</body></html>\n";
  }

  /** Text as it may stand in HTML and SVG. */
  public static String escape(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("'", "&#39;")
        .replace("\"", "&quot;");
  }
}
