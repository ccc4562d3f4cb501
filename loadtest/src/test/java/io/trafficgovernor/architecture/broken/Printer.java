package io.trafficgovernor.architecture.broken;

final class Printer {
  void print() {
    System.out.println("here");
  }
}
