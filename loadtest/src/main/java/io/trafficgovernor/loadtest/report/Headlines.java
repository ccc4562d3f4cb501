package io.trafficgovernor.loadtest.report;

import io.trafficgovernor.loadtest.judge.Back;
import io.trafficgovernor.loadtest.judge.Collapse;
import io.trafficgovernor.loadtest.judge.Judgement;
import io.trafficgovernor.loadtest.judge.Restoration;
import io.trafficgovernor.loadtest.record.RunRecord;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.stream.Collectors;

/** What each run came to, in a few figures. */
final class Headlines {
  private Headlines() {}

  static String html(Report report) {
    StringBuilder html = new StringBuilder("<div class='cards'>\n");
    report.runs().forEach(run -> html.append(card(run)));
    return html.append("</div>\n").toString();
  }

  private static String card(RunRecord run) {
    Restoration restoration = Judgement.restoration(run);
    OptionalDouble all = restoration.allClassesSeconds();
    int back = restoration.classesWithin(Double.MAX_VALUE);
    return "<div class='card'><span>%s, %.0f first attempts/s, %s</span><b>%s</b>"
            .formatted(
                Plot.escape(run.name()),
                run.population().ratePerSecond(),
                run.governed() ? "governed" : "without the governor",
                all.isPresent()
                    ? "all %d classes back after %.1f s".formatted(back, all.getAsDouble())
                    : "%d of %d classes back".formatted(back, restoration.classes().size()))
        + "<span>%s; the store restarted %d times</span></div>%n"
            .formatted(Plot.escape(first(restoration)), Collapse.of(run).restarts());
  }

  /** The two most important classes and when they were back. */
  private static String first(Restoration restoration) {
    List<Map.Entry<String, Back>> two = restoration.classes().entrySet().stream().limit(2).toList();
    return two.stream()
        .map(each -> each.getKey() + " " + each.getValue().text())
        .collect(Collectors.joining(", "));
  }
}
