# Sourced by mvnw and caravan: sets JAVA_HOME to a JDK 25, wherever the usual installers put one.
# It reads each candidate's `release` file and starts no JVM. `need=java` is for where nothing is built and a JRE does.

need=${need:-javac}

is_jdk_25() {
  [ -x "$1/bin/$need" ] && grep -q '^JAVA_VERSION="25[."]' "$1/release" 2>/dev/null
}

jdk_of_the_path() {
  found=$(command -v "$need") && readlink -f "$found" 2>/dev/null | sed "s|/bin/$need\$||"
}

if ! is_jdk_25 "${JAVA_HOME:-}"; then
  for jdk in "$(jdk_of_the_path)" \
    "$HOME"/.sdkman/candidates/java/* "$HOME"/.jdks/* \
    "${MISE_DATA_DIR:-$HOME/.local/share/mise}"/installs/java/* "${ASDF_DATA_DIR:-$HOME/.asdf}"/installs/java/* \
    /usr/lib/jvm/* /usr/lib64/jvm/* /usr/java/* /opt/java/* /opt/jdk* \
    "$HOME"/Library/Java/JavaVirtualMachines/*/Contents/Home /Library/Java/JavaVirtualMachines/*/Contents/Home \
    /opt/homebrew/opt/openjdk*/libexec/openjdk.jdk/Contents/Home \
    /usr/local/opt/openjdk*/libexec/openjdk.jdk/Contents/Home; do
    if is_jdk_25 "$jdk"; then
      JAVA_HOME=$jdk
      break
    fi
  done
fi

if ! is_jdk_25 "${JAVA_HOME:-}"; then
  echo "Caravan needs a JDK 25, and none is in JAVA_HOME, on the PATH or where installers put them: install one (Debian: a package such as temurin-25-jdk), or set JAVA_HOME to it." >&2
  exit 1
fi
export JAVA_HOME
