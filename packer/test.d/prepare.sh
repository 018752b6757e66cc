# shellcheck shell=bash
# shellcheck disable=SC2154 # set by packer/test
# What packer/test needs before it can begin: tools, the build, two Debian systems. Runs with the network.

# command, Debian package
tools="
mmdebstrap mmdebstrap
systemd-nspawn systemd-container
packer packer
qemu-system-x86_64 qemu-system-x86
socat socat
zstd zstd
ip iproute2
mke2fs e2fsprogs
debugfs e2fsprogs
python3 python3
pgrep procps
flock util-linux
ssh-keygen openssh-client
jq jq
nsenter util-linux
journalctl systemd
"

# As in Debian's cloud image, as far as it matters here.
base_packages=systemd-sysv,dbus,systemd-resolved,libnss-resolve,systemd-timesyncd,netplan.io,cloud-init,cloud-guest-utils
base_packages+=,cloud-initramfs-growroot,openssh-server,sudo,python3,ca-certificates,unattended-upgrades,iproute2,procps
base_packages+=,kmod,udev,less,passwd,linux-image-cloud-amd64,initramfs-tools,zstd,needrestart
emulator_packages=python3-moto,python3-flask-cors

# Ends with EX_UNAVAILABLE of sysexits.h: nothing is known to be wrong with the image.
cannot() {
  say "cannot run here: $*"
  exit 69
}

check_machine() {
  [[ $(id -u) == 0 ]] || cannot "it makes namespaces and a Debian system, for which it must be root"
  [[ $(uname -m) == x86_64 ]] || cannot "this is no x86_64, and QEMU would take hours"
  type -P apt-get >/dev/null || cannot "it needs Debian's apt-get and a mirror of Debian"
  [[ -z $(apt-config dump --format '%v%n' Acquire::http::Proxy Acquire::https::Proxy | tr -d '\n') ]] ||
    cannot "apt-get uses a proxy here, and the image's way to the mirror is a plain relay"
  check_room
  unshare --mount --net --pid --uts --ipc --fork --mount-proc sh -c \
    'mount --make-rprivate / && umount -R /sys/fs/cgroup && mount -t cgroup2 cgroup2 /sys/fs/cgroup' 2>/dev/null ||
    cannot "it may make no namespaces of its own, or mount no cgroup2 in them"
}

# Of disk: the systems, their copies, the guests' disks. Of memory: a guest, a container, two emulators of AWS, Packer.
check_room() {
  local free
  free=$(df --output=avail --block-size=1M "${TMPDIR:-/var/tmp}" | tail -n 1 | tr -d ' ')
  ((free >= 6000)) || cannot "it needs 6 GB in ${TMPDIR:-/var/tmp}, where $free MB are free; TMPDIR names another folder"
  free=$(awk '/^MemAvailable:/ { print int($2 / 1024) }' /proc/meminfo)
  ((free >= 3000)) || cannot "it needs 3 GB of memory, of which $free MB are free"
}

check_tools() {
  local command package missing=()
  while read -r command package; do
    [[ -z $command || " ${missing[*]} " == *" $package "* ]] || type -P "$command" >/dev/null || missing+=("$package")
  done <<<"$tools"
  [[ -e /usr/share/keyrings/debian-archive-$debian_release-stable.gpg || -e /usr/share/keyrings/debian-archive-keyring.gpg ]] ||
    missing+=(debian-archive-keyring)
  ((${#missing[@]} == 0)) && return
  $install_missing || cannot "missing are ${missing[*]}; packer/test --install installs them"
  say "installing ${missing[*]}"
  apt-get -qq update || say "apt-get update failed: going on with the lists that are there"
  DEBIAN_FRONTEND=noninteractive apt-get -qq install --yes --no-install-recommends "${missing[@]}" >/dev/null ||
    cannot "apt-get could not install ${missing[*]}"
}

# Maven and the Debian systems side by side: the one mostly computes, the others mostly fetch.
build_all() {
  find_mirrors
  start_beside "$work/makers.status" make_systems
  makers=$beside
  run_child timeout --kill-after=30 1800 "$home/bin/package" >/dev/null
  finish_beside "$makers" "$work/makers.status" || fail "there is no Debian system to go on with"
}

makers=

# The mirrors that this machine itself uses: "main" and "security".
find_mirrors() {
  read_mirrors
  if [[ -z ${main_mirror:-} ]]; then
    apt-get -qq update || true
    read_mirrors
  fi
  [[ -n ${main_mirror:-} ]] || cannot "found no Debian mirror among this machine's package sources"
  security_mirror=${security_mirror:-$main_mirror-security}
}

# Debian's cloud images name a file with mirrors in the place of one: its first is taken.
read_mirrors() {
  local site suite
  # shellcheck disable=SC2016 # apt's own variables
  while read -r site suite; do
    [[ $site != mirror+file:* ]] || site=$(awk 'NF && !/^#/ { print $1; exit }' "${site#mirror+file:}")
    site=${site%/}
    case $suite in
    *-security | */updates) security_mirror=$site ;;
    *-updates | *-backports) ;;
    *) main_mirror=$site ;;
    esac
  done < <(apt-get indextargets --format '$(SITE) $(CODENAME)' 'Origin: Debian' | sort -u)
}

# make_system NAME PACKAGES SOURCES...: a tar of a Debian system, made once for a list of packages and a day.
make_system() {
  local name=$1 packages=$2 key
  shift 2
  key=$(printf '%s\n' "$packages" "$debian_release" "$(date +%Y-%m-%d)" "$@" | sha256sum | cut -c1-16)
  if [[ ! -s $cache/$name-$key.tar ]]; then
    say "making a Debian system ($name) ..."
    rm -rf "$cache/$name"-*.tar "$cache/part-$name"-*
    run_child timeout 900 mmdebstrap --quiet --variant=minbase --mode=root --include="$packages" "$debian_release" \
      "$cache/part-$name-$key.tar" "$@" >"$work/mmdebstrap-$name.log" 2>&1 ||
      fail "mmdebstrap failed: $(tail -n 5 "$work/mmdebstrap-$name.log")"
    mv "$cache/part-$name-$key.tar" "$cache/$name-$key.tar"
  fi
  # A link that stays good when the next day's system takes the place of this one.
  ln "$cache/$name-$key.tar" "$work/$name.tar" 2>/dev/null || cp "$cache/$name-$key.tar" "$work/$name.tar"
}

# To be started as a process of its own (&), which ends the mmdebstrap that it has started; one at a time uses the cache.
make_systems() {
  trap stop_child EXIT
  exit_on_signals
  cache=${XDG_CACHE_HOME:-$HOME/.cache}/job-processor-image
  mkdir -p "$cache"
  exec 7>"$cache/lock"
  run_child flock --timeout 1800 7 || fail "somebody has held $cache/lock for half an hour"
  make_system base "$base_packages" "deb $main_mirror $debian_release main" \
    "deb $main_mirror $debian_release-updates main" "deb $security_mirror $debian_release-security main"
  make_system emulator "$emulator_packages" "deb $main_mirror $debian_release main"
}

# host_and_port URL: "mirror.example 80"
host_and_port() {
  local rest=${1#*://} port=80
  [[ $1 != https://* ]] || port=443
  rest=${rest%%/*}
  [[ $rest != *:* ]] || port=${rest##*:}
  printf '%s %s\n' "${rest%%:*}" "$port"
}

# The namespaces have no network but a way to the Debian mirror: apt in the image needs it, as on AWS.
relays=()
start_mirror_relay() {
  local number=0 host port
  {
    host_and_port "$main_mirror"
    host_and_port "$security_mirror"
  } | sort -u >"$work/mirrors"
  while read -r host port; do
    number=$((number + 1))
    socat "UNIX-LISTEN:$work/mirror$number.sock,fork" "TCP:$host:$port" </dev/null >>"$work/relay.log" 2>&1 &
    relays+=($!)
  done <"$work/mirrors"
}

stop_mirror_relay() {
  local pid
  for pid in ${relays[@]+"${relays[@]}"}; do
    kill "$pid" 2>/dev/null || true
  done
}
