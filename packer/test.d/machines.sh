# shellcheck shell=bash
# shellcheck disable=SC2154,SC2030,SC2031 # set by packer/test; a lane has its own in a subshell
# The namespaces, the emulated AWS and the containers of packer/test, and its checks.
: "${home:?}"

passed=0
failed=0
leader= # process id of the container's init, as seen from here
container=

# At the end, whatever the reason: a script that broke off is a failure, too.
print_totals() {
  local status=$?
  ((status == 0 || failed > 0)) || failed=1
  printf '%d passed, %d failed\n' "$passed" "$failed"
}

# check NAME COMMAND...: one of the totals.
check() {
  local name=$1 began=$SECONDS
  shift
  if "$@" >"$work/check.log" 2>&1; then
    passed=$((passed + 1))
    printf 'ok %s (%d s)\n' "$name" $((SECONDS - began))
  else
    failed=$((failed + 1))
    printf 'NOT OK %s (%d s)\n' "$name" $((SECONDS - began))
    tail -n 40 "$work/check.log" | sed 's/^/    /'
  fi
}

# until_true SECONDS COMMAND...: waits until the command succeeds; false if it does not in time.
until_true() {
  local end=$((SECONDS + $1))
  shift
  until "$@" >/dev/null 2>&1; do
    if ((SECONDS >= end)); then
      echo "waited in vain for: $*"
      return 1
    fi
    sleep 0.2
  done
}

# --- lanes: what runs beside the rest ---------------------------------------------------------------------------------

declare -A lanes=()

# start_lane NAME FUNCTION: in a process with a folder, an SQS and a metadata service of its own; returns once it has
# copied the image, from when on the others may change it.
start_lane() {
  local name=$1 function=$2 whole=$work
  (
    trap - EXIT
    set +e
    work=$whole/$name passed=0 failed=0
    mkdir "$work"
    start_aws
    "$function"
    printf '%d %d\n' "$passed" "$failed" >"$work/totals"
  ) >"$work/$name.out" 2>&1 &
  lanes[$name]=$!
  until_true 400 test -e "$work/$name/image-is-copied"
}

copy_image() {
  cp -a "$image" "$1"
  touch "$work/image-is-copied"
}

# What it has found counts here.
finish_lane() {
  local name=$1 more_passed=0 more_failed=1
  wait "${lanes[$name]}" || true
  cat "$work/$name.out"
  read -r more_passed more_failed <"$work/$name/totals" || true
  passed=$((passed + more_passed)) failed=$((failed + more_failed))
}

# Loopback only, with a private address for the metadata service, and control groups of version 2 for systemd.
set_up_namespace() {
  local number=0 host port
  mount --make-rprivate /
  umount -R /sys/fs/cgroup
  mount -t cgroup2 cgroup2 /sys/fs/cgroup
  control_groups=/sys/fs/cgroup$(sed -n 's/^0:://p' /proc/self/cgroup)/${work##*/}
  ip link set lo up
  ip address add 169.254.169.254/32 dev lo
  while read -r host port; do
    number=$((number + 1))
    ip address add "10.254.0.$number/32" dev lo
    socat "TCP-LISTEN:$port,bind=10.254.0.$number,fork,reuseaddr" "UNIX-CONNECT:$work/mirror$number.sock" </dev/null 2>/dev/null &
    printf '10.254.0.%s %s\n' "$number" "$host" >>"$work/mirror-hosts"
  done <"$work/mirrors"
}

# --- containers -------------------------------------------------------------------------------------------------------

# make_root NAME TAR: unpacks a system.
make_root() {
  mkdir -p "$work/$1"
  tar --extract --numeric-owner --directory "$work/$1" --file "$work/$2"
  cat "$work/mirror-hosts" >>"$work/$1/etc/hosts"
}

# start_container NAME: boots the system with systemd as process 1, in this network; its console goes to NAME.console.
# Without cloud-init, which takes a container for no EC2 instance; full-boot has it.
start_container() {
  local name=$1
  touch "$work/$name/etc/cloud/cloud-init.disabled"
  (
    enter_control_group
    SYSTEMD_NSPAWN_UNIFIED_HIERARCHY=1 exec systemd-nspawn --quiet --boot --register=no --keep-unit --link-journal=no \
      --console=read-only --bind-ro=/dev/null:/etc/fstab --resolv-conf=off --timezone=off \
      --directory="$work/$name"
  ) </dev/null >>"$work/$name.console" 2>&1 &
  container=$!
  until_true 240 has_booted
}

# Containers of one group would take each other's services for their own, and end them.
enter_control_group() {
  local group=$control_groups.$BASHPID
  mkdir "$group"
  echo "$BASHPID" >"$group/cgroup.procs"
}

# The container's init; at first nspawn has another child.
has_booted() {
  leader=$(pgrep -P "$container" | head -n 1)
  [[ -n $leader && $(in_container systemctl is-system-running) =~ ^(running|degraded)$ ]]
}

# Not a kill -9: that would leave the container's init behind.
stop_container() {
  in_container systemctl --no-block poweroff >/dev/null 2>&1 || kill "$container" 2>/dev/null || true
  until_true 120 has_ended || kill -KILL "$leader"
  wait "$container" 2>/dev/null || true
}

has_ended() {
  ! kill -0 "$container"
}

# Without a limit `systemctl start` would wait as long as the unit lets it, which is for ever. A caller may set another.
limit=180
in_container() {
  timeout --kill-after=10 "$limit" \
    nsenter --target "$leader" --all --wdns=/ -- /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8 "$@"
}

# --- emulated AWS -----------------------------------------------------------------------------------------------------

# SQS and a metadata service of one's own, on loopback; commands to them by tell_aws.
start_aws() {
  local class_path="$home/testkit/target/testkit.jar:$home/testkit/target/lib/*"
  find_java run
  mkfifo "$work/aws.in"
  "$java_home/bin/java" -XX:+UseSerialGC -Xmx256m -cp "$class_path" com.amazonaws.jobprocessor.testkit.FakeAws \
    <"$work/aws.in" >"$work/aws.out" 2>"$work/aws.err" &
  exec 8>"$work/aws.in"
  until_true 240 grep -q IMDS_ENDPOINT= "$work/aws.out"
  sqs_port=$(sed -n 's/SQS_ENDPOINT=.*://p' "$work/aws.out")
  imds_port=$(sed -n 's/IMDS_ENDPOINT=.*://p' "$work/aws.out")
  export AWS_ENDPOINT_URL_SQS=http://127.0.0.1:$sqs_port AWS_REGION=us-east-1 AWS_EC2_METADATA_DISABLED=true
  export AWS_ACCESS_KEY_ID=test AWS_SECRET_ACCESS_KEY=test JAVA_HOME=$java_home
}

# Puts the metadata service where instances look for it.
serve_metadata() {
  socat TCP-LISTEN:80,bind=169.254.169.254,fork,reuseaddr "TCP:127.0.0.1:$imds_port" </dev/null 2>/dev/null &
}

answers() {
  grep -c '^ok$' "$work/aws.out" || true
}

# tell_aws COMMAND: as in FakeAws; waits until it is done.
tell_aws() {
  local before
  before=$(answers)
  echo "$*" >&8
  until_true 60 more_answers_than "$before"
}

more_answers_than() {
  (($(answers) > $1))
}

set_user_data() {
  printf '%s' "$1" >"$work/user-data"
  tell_aws user-data "$work/user-data"
}

client() {
  "$home/bin/sample-client" "$@"
}

# submit NAME: jobs from standard input, a line each; their ids are then in NAME.ids.
submit() {
  client submit --ids >"$work/$1.ids"
}

# results NAME SECONDS: the results of NAME.ids on standard output, once all are there.
results() {
  client results --ids "$work/$1.ids" --timeout "$2" | awk -F '\t' '{ print $NF }'
}
