package io.trafficgovernor.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.lang.ArchRule;
import java.util.regex.Pattern;
import org.junit.platform.commons.annotation.Testable;

/**
 * What the compiled classes must keep. A rule speaks of a base package, so that the classes below
 * {@code broken}, a second house under another base, can show that it fails when it should.
 */
enum ClassRule {
  /** The chain is admission, cluster, governor, loadtest; no arrow goes back. */
  MODULE_ARROWS("Backwards") {
    @Override
    ArchRule of(String base) {
      return classes().should(Conditions.dependOnlyDownwards(base));
    }
  },

  /** The law knows the JDK's values and collections and Bucket4j: no clock, thread, I/O, chance. */
  PURE_ADMISSION("ImpureLaw") {
    @Override
    ArchRule of(String base) {
      return classes()
          .that()
          .resideInAPackage(base + ".admission..")
          .should()
          .onlyDependOnClassesThat(Conditions.pureIn(base + ".admission"))
          .andShould(Conditions.notAccess("clock, thread, chance", Banned::impure));
    }
  },

  /** The system's clocks are read in one class. */
  ONE_CLOCK("SecondClock") {
    @Override
    ArchRule of(String base) {
      return classes()
          .that()
          .doNotHaveFullyQualifiedName(base + ".runtime.SystemTicker")
          .should(Conditions.notAccess("the system's clock", Banned::clock));
    }
  },

  /** Packages do not depend on each other in a circle. */
  NO_CYCLES("There") {
    @Override
    ArchRule of(String base) {
      return slices().matching(base + ".(**)").should().beFreeOfCycles();
    }
  },

  /** What runs on an event loop never waits: not for a future, a lock, a disk or a name server. */
  NOTHING_BLOCKS("SleepyHandler") {
    @Override
    ArchRule of(String base) {
      return classes()
          .that()
          .resideInAPackage(base + ".gateway..")
          .should(Conditions.notAccess("what waits", Banned::waiting));
    }
  },

  /** The data path does not know the grid, so it cannot call it. */
  NO_GRID_ON_THE_PATH("ChattyHandler") {
    @Override
    ArchRule of(String base) {
      return noClasses()
          .that()
          .resideInAPackage(base + ".gateway..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(base + ".cluster..", "com.hazelcast..");
    }
  },

  /** There is one way to log, and one class that prints. */
  ONE_CONSOLE("Printer") {
    @Override
    ArchRule of(String base) {
      return noClasses()
          .that()
          .doNotHaveFullyQualifiedName(base + ".loadtest.shell.Console")
          .should()
          .accessField(System.class, "out")
          .orShould()
          .accessField(System.class, "err")
          .orShould()
          .dependOnClassesThat()
          .resideInAPackage("java.util.logging..");
    }
  },

  /** No value is null unless its type says so, in every package. */
  NULL_MARKED("Unmarked") {
    @Override
    ArchRule of(String base) {
      return classes().should(Conditions.resideInMarkedPackage());
    }

    @Override
    JavaClasses subject() {
      return House.ALL;
    }
  },

  /** Nobody sleeps: tests drive the time or await something with a bound. */
  NO_SLEEP("Sleeper") {
    @Override
    ArchRule of(String base) {
      return classes().should(Conditions.notAccess("a sleep", Banned::sleep));
    }

    @Override
    JavaClasses subject() {
      return House.ALL;
    }
  },

  /** A class with test methods has a name under which Maven runs it. */
  TESTS_RUN("Forgotten") {
    @Override
    ArchRule of(String base) {
      return classes()
          .that(Conditions.haveMethodsThat("are tests", Testable.class))
          .should(Conditions.beNamed(Pattern.compile(".*(Test|Properties|IT|Contract)")));
    }

    @Override
    JavaClasses subject() {
      return House.TESTS;
    }
  },

  /** Names say what a thing is. */
  NAMES("ThingManager") {
    @Override
    ArchRule of(String base) {
      Pattern empty = Pattern.compile("Abstract.*|.*(Impl|Manager|Helper|Utils?)");
      return noClasses().should(Conditions.beNamed(empty));
    }
  },

  /** A class is final or sealed: it was either made to be extended by those it names, or not. */
  CLOSED("Open") {
    @Override
    ArchRule of(String base) {
      return classes().that().areTopLevelClasses().should(Conditions.beClosed());
    }
  };

  private final String culprit;

  ClassRule(String culprit) {
    this.culprit = culprit;
  }

  /** The rule for the house below that base package. */
  abstract ArchRule of(String base);

  /** The classes it judges. */
  JavaClasses subject() {
    return House.MAIN;
  }

  /** Simple name of the class below {@code broken} that breaks it. */
  String culprit() {
    return culprit;
  }
}
