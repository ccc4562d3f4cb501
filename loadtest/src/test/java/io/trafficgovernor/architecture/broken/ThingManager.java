package io.trafficgovernor.architecture.broken;

final class ThingManager {}
