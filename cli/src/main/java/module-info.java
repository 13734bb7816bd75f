/** The sepal command. */
module sepal.cli {
  requires info.picocli;
  requires java.desktop;
  requires java.logging;
  requires me.tongfei.progressbar;
  requires sepal.core;
  requires sepal.keras;
  requires sepal.testkit;
  requires static org.jspecify;

  opens sepal.cli to
      info.picocli;
}
