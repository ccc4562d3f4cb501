package io.trafficgovernor.loadtest.measure;

import java.util.Arrays;

/** A list of numbers without boxes. */
final class Longs {
  private long[] values = new long[1024];
  private int size;

  void add(long value) {
    if (size == values.length) {
      values = Arrays.copyOf(values, 2 * size);
    }
    values[size++] = value;
  }

  int size() {
    return size;
  }

  long get(int index) {
    return values[index];
  }

  /** Adds one to the value at that index; the list grows with zeros. */
  void count(int index) {
    while (index >= size) {
      add(0);
    }
    values[index]++;
  }

  /** The value, 0 beyond the end. */
  long at(int index) {
    return index < size ? values[index] : 0;
  }
}
