# shellcheck shell=bash
# The tools that builds, tests and demos need: whether they are here, what installs them. Sourced, never run.
# shellcheck disable=SC2154 # java_home is set by find_java

install_tools=false # set by --install

# need_tools TOOL...: returns if all are here; with --install it installs what is missing, without it says with which command
# that is done. Ends the script if a tool stays missing.
need_tools() {
  find_missing_tools "$@"
  ((${#missing_tools[@]})) || return 0
  if $install_tools; then
    install_missing_tools || explain_missing_tools "could not install"
    find_missing_tools "$@"
    ((${#missing_tools[@]})) || return 0
    explain_missing_tools "still missing after the installation"
  fi
  explain_missing_tools "missing"
}

# want_tools TOOL...: the same for what one can do without.
want_tools() {
  local answer
  if ! answer=$(need_tools "$@" 2>&1); then
    printf '%s\n' "$answer" >&2
    say "going on without"
  fi
}

# Sets missing_tools to those of the given that are not here.
find_missing_tools() {
  local tool
  missing_tools=()
  for tool in "$@"; do
    if [[ $tool == jdk ]]; then
      (find_java build) 2>/dev/null || missing_tools+=("$tool")
    elif [[ $tool == postgres ]]; then
      has_postgres || missing_tools+=("$tool")
    elif ! type -P "$tool" >/dev/null; then
      missing_tools+=("$tool")
    fi
  done
}

# The server's program; Debian keeps it off the PATH.
has_postgres() {
  local program
  ! type -P postgres >/dev/null || return 0
  for program in /usr/lib/postgresql/*/bin/postgres; do
    [[ ! -x $program ]] || return 0
  done
  return 1
}

# Sets packages to those of this system that have the missing tools, and no_package to the tools that no package has.
find_packages() {
  local tool name found
  packages=() no_package=()
  for tool in "${missing_tools[@]}"; do
    found=
    for name in $(name_packages "$tool"); do
      if has_package "$name"; then
        packages+=("$name") found=yes
        break
      fi
    done
    [[ -n $found ]] || no_package+=("$tool")
  done
}

# The names that a tool's package may have; Debian, Fedora and Amazon Linux do not agree.
name_packages() {
  case $1 in
  jdk) echo openjdk-25-jdk-headless java-25-openjdk-devel java-25-amazon-corretto-devel temurin-25-jdk ;;
  mvn) echo maven ;;
  shellcheck) echo shellcheck ShellCheck ;;
  chromedriver) echo chromium-driver chromedriver ;;
  postgres) echo postgresql postgresql-server postgresql15-server ;;
  node) echo nodejs nodejs20 nodejs22 ;;
  npm) echo npm nodejs-npm nodejs20-npm nodejs22-npm ;;
  # Debian's package starts a server of its own where systemd runs: promtool is not worth that.
  promtool) [[ -d /run/systemd/system ]] || echo prometheus golang-github-prometheus ;;
  *) echo "$1" ;;
  esac
}

has_package() {
  if [[ $manager == apt-get ]]; then
    apt-cache show "$1" >/dev/null 2>&1
  else
    dnf --quiet info "$1" >/dev/null 2>&1
  fi
}

# Sets manager to the system's package manager; to nothing if it is another.
find_manager() {
  local name
  manager=
  for name in apt-get dnf; do
    if type -P "$name" >/dev/null; then
      manager=$name
      return
    fi
  done
}

# Installs what the system has of the missing tools; false if it cannot.
install_missing_tools() {
  local as_root=()
  find_manager
  [[ -n $manager ]] || return 1
  if (($(id -u) != 0)); then
    type -P sudo >/dev/null || return 1
    as_root=(sudo)
  fi
  if [[ $manager == apt-get ]]; then
    run_child ${as_root[@]+"${as_root[@]}"} apt-get update >/dev/null ||
      say "apt-get update failed: going on with the lists that are there"
  fi
  find_packages
  ((${#packages[@]})) || return 1
  say "installing ${packages[*]} ..."
  if [[ $manager == apt-get ]]; then
    run_child ${as_root[@]+"${as_root[@]}"} env DEBIAN_FRONTEND=noninteractive \
      apt-get install --yes --no-install-recommends "${packages[@]}" >/dev/null
  else
    run_child ${as_root[@]+"${as_root[@]}"} dnf --quiet --assumeyes install "${packages[@]}" >/dev/null
  fi
}

# explain_missing_tools WORD: ends the script with the command that installs them.
explain_missing_tools() {
  local names sudo=
  printf -v names '%s, ' "${missing_tools[@]/#jdk/JDK 25}"
  (($(id -u) == 0)) || sudo="sudo "
  find_manager
  say "$1: ${names%, }"
  if [[ -z $manager ]]; then
    fail "there is neither apt-get nor dnf here: install what is missing from https://maven.apache.org," \
      "https://adoptium.net/temurin/releases/?version=25 (unpacked below /opt, or named by JAVA_HOME) or your system's packages"
  fi
  find_packages
  if ((${#packages[@]})); then
    say "to install: $sudo$manager install --yes ${packages[*]}"
    $install_tools || say "or run ${0##*/} --install, which does so"
  fi
  [[ " ${no_package[*]-} " != *" jdk "* ]] || explain_missing_jdk
  exit 1
}

# Debian has the package from 13 on; it needs a libc that Debian 12 does not have.
explain_missing_jdk() {
  say "the sources of this system have no JDK 25 (Debian has it from 13 on). Either add Adoptium's source, as root:"
  if [[ $manager == apt-get ]]; then
    cat >&2 <<'COMMANDS'
  apt-get install --yes wget ca-certificates
  wget -O /etc/apt/keyrings/adoptium.asc https://packages.adoptium.net/artifactory/api/gpg/key/public
  echo "deb [signed-by=/etc/apt/keyrings/adoptium.asc] https://packages.adoptium.net/artifactory/deb" \
    "$(. /etc/os-release && echo "$VERSION_CODENAME") main" >/etc/apt/sources.list.d/adoptium.list
  apt-get update && apt-get install --yes temurin-25-jdk
COMMANDS
  else
    cat >&2 <<'COMMANDS'
  see https://adoptium.net/installation/linux for its file in /etc/yum.repos.d, then
  dnf install --assumeyes temurin-25-jdk
COMMANDS
  fi
  say "or unpack https://adoptium.net/temurin/releases/?version=25 below /opt, or set JAVA_HOME to a JDK 25 that is there"
}
