package io.trafficgovernor.architecture;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.lang.annotation.Annotation;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.NullMarked;

/** Conditions and predicates that ArchUnit does not bring along. */
final class Conditions {
  /** Packages of the JDK whose classes are values, collections, functions or sums over bytes. */
  private static final List<String> VALUES =
      List.of(
          "java.lang",
          "java.lang.annotation",
          "java.util",
          "java.util.function",
          "java.util.concurrent.atomic",
          "java.nio",
          "java.nio.charset",
          "java.security",
          "javax.crypto",
          "javax.crypto.spec",
          "java.util.stream",
          "java.time",
          "java.math");

  private Conditions() {}

  /** Nothing that the class calls, constructs, refers to or reads is banned. */
  static ArchCondition<JavaClass> notAccess(String what, Predicate<JavaAccess<?>> banned) {
    return condition(
        "not access " + what,
        (type, report) ->
            type.getAccessesFromSelf().stream()
                .filter(banned)
                .forEach(access -> report.accept(access.getDescription())));
  }

  /** All dependencies inside the house go to the same module or one below it. */
  static ArchCondition<JavaClass> dependOnlyDownwards(String base) {
    return condition(
        "depend only on their own module and those below",
        (type, report) ->
            type.getDirectDependenciesFromSelf().stream()
                .filter(each -> each.getTargetClass().getPackageName().startsWith(base))
                .filter(each -> storey(base, each.getTargetClass()) > storey(base, type))
                .forEach(each -> report.accept(each.getDescription())));
  }

  /** Index of a class's module in the chain; what is in no other module's package is governor's. */
  private static int storey(String base, JavaClass type) {
    String name = type.getPackageName() + ".";
    int governor = Repository.MODULES.indexOf("governor");
    return Repository.MODULES.stream()
        .filter(module -> name.startsWith(base + "." + module + "."))
        .map(Repository.MODULES::indexOf)
        .findFirst()
        .orElse(governor);
  }

  /** What the law may depend on: itself, values of the JDK, Bucket4j. */
  static DescribedPredicate<JavaClass> pureIn(String admission) {
    return DescribedPredicate.describe(
        "are pure",
        type -> {
          JavaClass element = type.getBaseComponentType();
          String name = element.getPackageName();
          return element.isPrimitive()
              || VALUES.contains(name)
              || name.equals(admission)
              || name.startsWith(admission + ".")
              || name.startsWith("io.github.bucket4j")
              || name.startsWith("org.jspecify");
        });
  }

  /** The package is marked, or the class is alone in saying so. */
  static ArchCondition<JavaClass> resideInMarkedPackage() {
    return condition(
        "reside in a package marked by @NullMarked",
        (type, report) -> {
          if (!type.getPackage().isAnnotatedWith(NullMarked.class)) {
            report.accept(type.getName() + " resides in a package without @NullMarked");
          }
        });
  }

  /** The outermost class has such a name. */
  static ArchCondition<JavaClass> beNamed(Pattern name) {
    return new ArchCondition<>("be named like " + name) {
      @Override
      public void check(JavaClass type, ConditionEvents events) {
        boolean named = name.matcher(outermost(type).getSimpleName()).matches();
        events.add(new SimpleConditionEvent(type, named, type.getName()));
      }
    };
  }

  /** Nobody else can extend the class. */
  static ArchCondition<JavaClass> beClosed() {
    return condition(
        "be final or sealed",
        (type, report) -> {
          boolean open = !type.isInterface() && !type.getModifiers().contains(JavaModifier.FINAL);
          if (open && !type.isEnum() && !type.reflect().isSealed()) {
            report.accept(type.getName() + " is neither final nor sealed");
          }
        });
  }

  /** Classes with at least one method that carries the annotation, itself or through another. */
  static DescribedPredicate<JavaClass> haveMethodsThat(
      String description, Class<? extends Annotation> annotation) {
    return DescribedPredicate.describe(
        "have methods that " + description,
        type ->
            type.getMethods().stream()
                .anyMatch(
                    method ->
                        method.isAnnotatedWith(annotation)
                            || method.isMetaAnnotatedWith(annotation)));
  }

  private static JavaClass outermost(JavaClass type) {
    return type.getEnclosingClass().map(Conditions::outermost).orElse(type);
  }

  private static ArchCondition<JavaClass> condition(
      String description, BiConsumer<JavaClass, Consumer<String>> check) {
    return new ArchCondition<>(description) {
      @Override
      public void check(JavaClass type, ConditionEvents events) {
        check.accept(type, message -> events.add(SimpleConditionEvent.violated(type, message)));
      }
    };
  }
}
