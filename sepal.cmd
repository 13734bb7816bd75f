@echo off
rem Runs the sepal command with the JDK of JAVA_HOME or PATH; builds on first use only.
setlocal
set "ROOT=%~dp0"
set "JAVA=java"
if defined JAVA_HOME set "JAVA=%JAVA_HOME%\bin\java"
if not exist "%ROOT%cli\target\lib" (
  call mvn -f "%ROOT%pom.xml" -B -q -Dfast -Dmaven.test.skip=true -pl cli -am package || exit /b 1
)
"%JAVA%" --add-modules jdk.incubator.vector -cp "%ROOT%cli\target\*;%ROOT%cli\target\lib\*" sepal.cli.Main %*
