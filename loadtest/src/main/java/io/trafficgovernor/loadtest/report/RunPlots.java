package io.trafficgovernor.loadtest.report;

import io.trafficgovernor.loadtest.plan.TrafficClass;
import io.trafficgovernor.loadtest.record.RunRecord;
import java.util.List;

/** The runs side by side as plots over time. */
final class RunPlots {
  private RunPlots() {}

  static String html(Report report) {
    StringBuilder html = new StringBuilder("<h2>The runs side by side</h2>\n");
    if (report.runs().isEmpty()) {
      return html.append("<p>No run came to its end.</p>\n").toString();
    }
    html.append(together(report)).append("<div class='grid'>\n");
    double highest = highest(report);
    for (RunRecord run : report.runs()) {
      html.append(rates(run, highest)).append(success(run));
    }
    return html.append("</div>\n").toString();
  }

  /** One scale for all runs, or they could not be compared. */
  private static double highest(Report report) {
    double highest = 1;
    for (RunRecord run : report.runs()) {
      highest = Math.max(highest, 2 * run.population().ratePerSecond());
    }
    return highest;
  }

  private static String rates(RunRecord run, double highest) {
    Series series = new Series(run);
    Plot plot = plot(run.name() + ": requests per second", series, highest);
    // In this order, so that a line has the same colour in every plot.
    plot.line("arrivals", series.at(0), series.arrivals());
    plot.line("capacity", series.at(0), series.capacity());
    if (run.governed()) {
      plot.line("ceiling", series.at(0), series.ceiling());
      plot.line("admitted", series.at(0), series.admitted());
    }
    return plot.svg();
  }

  private static String success(RunRecord run) {
    Series series = new Series(run);
    Plot plot = plot(run.name() + ": % of first attempts that succeed", series, 100);
    List<double[]> lines = series.successByClass();
    List<TrafficClass> classes = run.population().classes();
    for (int rank = 0; rank < classes.size(); rank++) {
      plot.line(classes.get(rank).name(), series.at(0), lines.get(rank));
    }
    return plot.svg();
  }

  private static String together(Report report) {
    double from = 0;
    double to = 0;
    for (RunRecord run : report.runs()) {
      Series series = new Series(run);
      from = Math.min(from, series.at(0));
      to = Math.max(to, series.at(series.seconds()));
    }
    Plot plot = new Plot("all runs: % of first attempts that succeed", from, to, 100);
    for (RunRecord run : report.runs()) {
      Series series = new Series(run);
      plot.line(run.name(), series.at(0), series.success());
    }
    return plot.svg();
  }

  private static Plot plot(String title, Series series, double highest) {
    return new Plot(title, series.at(0), series.at(series.seconds()), highest);
  }
}
