package io.trafficgovernor.architecture.broken;

class Open {}
