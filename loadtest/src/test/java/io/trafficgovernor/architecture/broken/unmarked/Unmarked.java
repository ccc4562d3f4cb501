package io.trafficgovernor.architecture.broken.unmarked;

final class Unmarked {}
