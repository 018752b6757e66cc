# shellcheck shell=bash
# shellcheck disable=SC2154 # set by packer/test
# packer/test boot: the image in a container, with systemd as process 1 and a metadata service and SQS beside it.

run_boot() {
  start_aws
  serve_metadata
  use_baked_image
  set_user_data 'job_failure_retries=0,job_executor=Shout,concurrency=2'
  start_container builder
  check "it boots, ready, with nothing failed" boots_well
  check "its JVM has started from the image's archive" archive_is_used
  check "a job goes from user data to the results queue, by the executor in the image's lib/" job_is_done
  check "journalctl -u job-processor: each line has its level, and ends with its fields" log_is_readable
  check "security updates leave Java alone" updates_leave_java
  check "systemctl stop amid load: nothing is lost, nothing done twice" stop_loses_nothing
  check "after a kill -9 it is back and works" killed_comes_back
  check "after a SIGTERM of nobody knows whom it is back, too" drained_comes_back
  check "ShellCommand works, and may no more than it should" shell_command_is_confined
  check "the drop-ins for browsers and containers give their jobs namespaces" drop_ins_relax
  check "HttpPost works" http_post_works
  check "a cloud-config as user data carries the settings in comments" cloud_config_works
  check "JVM options come from /etc/default/job-processor" jvm_options_are_taken
  check "settings that cannot work: status 78, named, no restart, on the console too" bad_settings_are_named
  check "a crash is followed by another start, however many there were; what Java ends with after SIGTERM is none" exits_are_judged
  check "jsvc runs it, too; settings that cannot work are not tried again" jsvc_runs_it
  check "no key and no secret in the journal and on the console" no_secret_is_told
  check "the drop-in powers a box off that ended with 78" drop_in_powers_off
}

# What is mostly waiting, in a second container; the address that instances ask for metadata belongs to the first.
run_waits() {
  copy_image "$work/builder"
  use_baked_image "AWS_EC2_METADATA_SERVICE_ENDPOINT=http://127.0.0.1:$imds_port"
  set_user_data 'job_executor=com.amazonaws.jobprocessor.executors.Sleep'
  start_container builder
  check "a drain takes as long as its setting says, beyond TimeoutStopSec" drain_may_be_long
  check "the watchdog is content: all slots busy, an outage, every core taken, a drain" watchdog_is_content
  check "the watchdog ends what hangs, with a thread dump, and it is back" watchdog_ends_what_hangs
  check "no key and no secret in that journal and on that console" no_secret_is_told
  stop_container
}

# use_baked_image [VARIABLE=VALUE...]: as an instance of the image; only where SQS is has to be told, the rest comes from
# the (emulated) metadata service.
# SSH waits for cloud-init's host keys, which come with the full boot.
use_baked_image() {
  ln -sf /dev/null "$work/builder/etc/systemd/system/ssh.service"
  local drop_in=$work/builder/etc/systemd/system/job-processor.service.d
  # Until its own check: bad settings come before that.
  rm "$drop_in/poweroff-on-bad-settings.conf"
  install -m 0755 "$here/probe" "$work/builder/usr/local/lib/job-probe"
  {
    echo '[Service]'
    printf 'Environment=%s\n' "AWS_ENDPOINT_URL_SQS=$AWS_ENDPOINT_URL_SQS" "$@"
  } >"$drop_in/00-test.conf"
}

# add_drop_in NAME LINES...: for the service, from its next start on.
add_drop_in() {
  local name=$1
  shift
  printf '%s\n' '[Service]' "$@" >"$work/builder/etc/systemd/system/job-processor.service.d/$name.conf"
  in_container systemctl daemon-reload
}

remove_drop_in() {
  rm "$work/builder/etc/systemd/system/job-processor.service.d/$1.conf"
  in_container systemctl daemon-reload
}

property() {
  in_container systemctl show --property "$1" --value job-processor
}

# One call, since it is asked five times a second.
takes_jobs() {
  local state
  state=$(in_container systemctl show --property ActiveState,StatusText,SubState job-processor | sort)
  [[ $state == $'ActiveState=active\nStatusText=taking jobs'*$'\nSubState=running' ]]
}

# restart_with USER-DATA: as a new instance with that user data would.
restart_with() {
  set_user_data "$1"
  in_container systemctl reset-failed job-processor
  in_container systemctl restart job-processor && until_true 180 takes_jobs
}

journal() {
  in_container journalctl --no-pager --unit job-processor "$@"
}

boots_well() {
  until_true 180 takes_jobs || return 1
  in_container systemctl --no-pager status job-processor
  [[ $(in_container systemctl list-units --failed --plain --no-legend) == "" ]] && [[ $(property NRestarts) == 0 ]]
}

archive_is_used() {
  in_container grep -m 1 '/opt/job-processor/lib/daemon/job-processor-[0-9-]*\.aot$' "/proc/$(property MainPID)/maps"
}

job_is_done() {
  echo 'hello from the image' | submit first
  [[ $(results first 120) == 'HELLO FROM THE IMAGE' ]]
}

# A job that fails twice is among it, and the stack that its executor prints, which has no level of its own.
log_is_readable() {
  local id error='error=java.lang.IllegalStateException message="<0>no '
  restart_with 'job_executor=Throw,job_failure_retries=1' || return 1
  echo 'such thing' | submit failing
  id=$(<"$work/failing.ids")
  until_true 120 is_dead_letter "$id" || return 1
  journal --output json | jq -r 'select(._TRANSPORT == "stdout" and ._COMM == "java") | [.PRIORITY, .MESSAGE] | @tsv' >"$work/lines"
  cat "$work/lines"
  ! grep -vP '^[3-7]\t' "$work/lines" && ! grep -P '\t<\d>|\t\d{4}-\d\d-\d\dT' "$work/lines" &&
    grep -qP "^6\ttaking jobs worker_id=i-0123456789abcdef0 region=$baked_region backlog=SQS-EC2-Queue-Todo executor=" "$work/lines" &&
    grep -qP "^4\tattempt failed job_id=$id attempt=1 \Q$error\E.* retry_after_secs=0\$" "$work/lines" &&
    grep -qP "^3\tjob failed for good; it is in the dead-letter queue job_id=$id attempt=2 \Q$error\E" "$work/lines" &&
    grep -qP '^4\tCaused by: java.lang.RuntimeException: the cause' "$work/lines"
}

is_dead_letter() {
  client dead-letters list >"$work/dead-letters"
  grep -F "$1" "$work/dead-letters"
}

# By what the program itself says of its settings; that there is an update of Java just now cannot be had.
updates_leave_java() {
  limit=400 in_container sh -c 'apt-get -qq update && unattended-upgrade --dry-run --debug' >"$work/updates" 2>&1
  cat "$work/updates"
  grep -q 'blacklist: openjdk-\.\*$' "$work/updates" && grep -q 'origin=Debian,codename=trixie-security' "$work/updates" &&
    ! grep -q 'label=Debian$' "$work/updates"
}

sleepers() {
  local i
  for ((i = 0; i < $1; i++)); do
    echo "sleep $2"
  done
}

stop_loses_nothing() {
  restart_with 'job_executor=com.amazonaws.jobprocessor.executors.Sleep,concurrency=4,poll_rate_per_min=6000' || return 1
  sleepers 40 1000 | submit load
  until_true 120 slots_are_busy 4 || return 1
  in_container systemctl stop job-processor || return 1
  [[ $(property ActiveState)/$(property Result) == inactive/success ]] || return 1
  journal --grep '^stopped' --output cat | tail -n 1
  in_container systemctl start job-processor || return 1
  results load 180 >"$work/load.results"
  [[ $(wc -l <"$work/load.results") == 40 ]] && no_results_left
}

# A job that was run twice would have left a second result.
no_results_left() {
  client results --timeout 10 >"$work/left" && cat "$work/left" && [[ ! -s $work/left ]]
}

killed_comes_back() {
  local pid restarts
  pid=$(property MainPID) restarts=$(property NRestarts)
  in_container kill -KILL "$pid" || return 1
  until_true 120 restarted_more_than "$restarts" && until_true 180 takes_jobs || return 1
  sleepers 1 10 | submit after-kill
  [[ $(results after-kill 120 | wc -l) == 1 ]]
}

drained_comes_back() {
  local restarts
  restarts=$(property NRestarts)
  in_container kill -TERM "$(property MainPID)" || return 1
  until_true 120 restarted_more_than "$restarts" && until_true 180 takes_jobs
}

restarted_more_than() {
  (($(property NRestarts) > $1))
}

# use_shell: from now on jobs are scripts.
use_shell() {
  restart_with 'job_executor=com.amazonaws.jobprocessor.executors.ShellCommand,executor.command=sh'
}

# probe NAME: what a job says of itself, a line each.
probe() {
  echo '. /usr/local/lib/job-probe' | submit "$1"
  results "$1" 120 | sed 's/\\n/\n/g'
}

shell_command_is_confined() {
  use_shell || return 1
  probe shell >"$work/shell.results"
  diff - "$work/shell.results" <<'LINES'
user=job-processor
folder=/var/lib/job-processor
writable=/dev/shm /tmp /var/lib/job-processor /var/tmp
root=no
no_new_privileges=1
oom_score_adj=500
others_processes=0
homes=0
not_for_children=0
namespaces=no
LINES
}

drop_ins_relax() {
  local name expected
  while read -r name expected; do
    use_drop_in "$name" && use_shell || return 1
    probe "$name" >"$work/$name.results"
    echo "with $name:"
    cat "$work/$name.results"
    grep -qx namespaces=yes "$work/$name.results" && grep -qx "$expected" "$work/$name.results" || return 1
    remove_drop_in "$name"
  done <<'DROP_INS'
browser no_new_privileges=1
containers no_new_privileges=0
DROP_INS
}

# use_drop_in NAME: one of those that come with the image.
use_drop_in() {
  in_container ln -s "/usr/lib/job-processor/drop-ins/$1.conf" /etc/systemd/system/job-processor.service.d/ &&
    in_container systemctl daemon-reload
}

http_post_works() {
  restart_with 'job_executor=com.amazonaws.jobprocessor.executors.HttpPost,executor.url=http://127.0.0.1:8099/' || return 1
  python3 -c '
import http.server
class Echo(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"posted " + body)
http.server.HTTPServer(("127.0.0.1", 8099), Echo).serve_forever()' >/dev/null 2>&1 &
  local server=$! answer
  echo 'a job' | submit post
  answer=$(results post 120)
  kill "$server"
  echo "$answer"
  [[ $answer == 'posted a job' ]]
}

drain_may_be_long() {
  local began
  add_drop_in long-drain TimeoutStopSec=5
  restart_with 'job_executor=com.amazonaws.jobprocessor.executors.Sleep,drain_timeout_in_secs=60' || return 1
  sleepers 1 15000 | submit long
  until_true 120 slots_are_busy 1 || return 1
  began=$SECONDS
  limit=300 in_container systemctl stop job-processor || return 1
  echo "the stop took $((SECONDS - began)) s: $(property Result)"
  remove_drop_in long-drain
  ((SECONDS - began > 8)) && [[ $(property Result) == success && $(results long 60 | wc -l) == 1 ]]
}

slots_are_busy() {
  [[ $(property StatusText) == "taking jobs: $1 of "* ]]
}

watchdog_seconds=8 # a sign of life each 2 s: a busy machine may pause

watchdog_is_content() {
  local cores began burning
  cores=$(nproc)
  burning=$((40 * cores)) # some seconds each: enough of them to outlast the check on any machine
  add_drop_in watchdog "WatchdogSec=$watchdog_seconds"
  restart_with "job_executor=com.amazonaws.jobprocessor.executors.Sleep,concurrency=2,drain_timeout_in_secs=60" || return 1
  sleepers 2 $((5 * watchdog_seconds * 1000)) | submit busy
  until_true 120 slots_are_busy 2 && is_left_alone "all slots busy" || return 1
  tell_aws sqs down || return 1
  is_left_alone "an outage" || return 1
  tell_aws sqs up && results busy 120 >/dev/null || return 1
  sleepers 1 $((5 * watchdog_seconds * 1000)) | submit draining
  until_true 120 slots_are_busy 1 || return 1
  began=$SECONDS
  in_container systemctl stop job-processor || return 1
  echo "the drain took $((SECONDS - began)) s"
  ((SECONDS - began >= 2 * watchdog_seconds)) && [[ $(property Result) == success && $(results draining 60 | wc -l) == 1 ]] || return 1
  restart_with "job_executor=com.amazonaws.jobprocessor.executors.CountPrimes,concurrency=$((2 * cores)),drain_timeout_in_secs=0" || return 1
  yes 1000000000 | head -n "$burning" | submit burning
  until_true 120 slots_are_busy $((2 * cores)) && is_left_alone "every core taken" && until_true 20 slots_are_busy $((2 * cores)) || return 1
  in_container systemctl stop job-processor || return 1
  # Given back, not lost: an executor that is quicker ends them.
  restart_with 'job_executor=com.amazonaws.jobprocessor.executors.ReverseSpacelessString' || return 1
  [[ $(results burning 180 | wc -l) == "$burning" ]]
}

is_left_alone() {
  local pid restarts
  pid=$(property MainPID) restarts=$(property NRestarts)
  sleep $((2 * watchdog_seconds + 1))
  echo "$1: pid $pid, now $(property MainPID); restarts $restarts, now $(property NRestarts)"
  [[ $(property MainPID) == "$pid" && $(property NRestarts) == "$restarts" ]]
}

# An executor that makes the worker's own log hang: its loops are stuck, as if by a bug of ours.
watchdog_ends_what_hangs() {
  local restarts
  restart_with 'job_executor=BlockOutput,job_failure_retries=0' || return 1
  restarts=$(property NRestarts)
  echo 'a job' | submit hanging
  until_true 240 restarted_more_than "$restarts" || return 1
  journal --since -6min >"$work/hanging.journal"
  grep -e 'Watchdog timeout' -e 'Full thread dump' -e '"lease-keeper"' "$work/hanging.journal"
  grep -q 'Full thread dump' "$work/hanging.journal" && grep -q 'Watchdog timeout' "$work/hanging.journal" &&
    until_true 180 takes_jobs && remove_drop_in watchdog
}

cloud_config_works() {
  restart_with $'#cloud-config\n#job-processor: job_executor=Shout\n#job-processor: concurrency=3\npackages: [jq]\n' || return 1
  echo 'by cloud-config' | submit config
  [[ $(results config 120) == 'BY CLOUD-CONFIG' && $(property StatusText) == *"of 3 slots"* ]]
}

jvm_options_are_taken() {
  local file=$image/etc/default/job-processor
  cp "$file" "$work/default"
  echo 'JOB_PROCESSOR_JVM_OPTS=-Xmx123m' >>"$file"
  in_container systemctl restart job-processor
  until_true 180 takes_jobs && in_container cat "/proc/$(property MainPID)/cmdline" | tr '\0' ' ' | grep -e ' -Xmx123m '
  local found=$?
  cp "$work/default" "$file"
  return "$found"
}

bad_settings_are_named() {
  set_user_data 'concurency=4,poll_rate_per_min=much,access_token=abcSECRETxyz'
  in_container systemctl reset-failed job-processor
  in_container systemctl restart job-processor || true
  until_true 120 has_failed || return 1
  sleep 4 # RestartSec is 2
  journal --since -3min --output json | jq -r 'select(.PRIORITY == "3") | .MESSAGE' >"$work/problems"
  cat "$work/problems"
  echo "status $(property ExecMainStatus), restarts $(property NRestarts)"
  [[ $(property ExecMainStatus) == 78 && $(property ActiveState) == failed && $(property NRestarts) == 0 ]] &&
    grep -q 'concurency.*concurrency' "$work/problems" && grep -q 'poll_rate_per_min.*much' "$work/problems" &&
    grep -q 'concurency.*concurrency' "$work/builder.console" && ! grep -q abcSECRETxyz "$work/builder.console"
}

has_failed() {
  [[ $(property ActiveState) == failed ]]
}

# run_instead COMMAND: in the place of the worker, under the unit's own rules for what comes after it.
run_instead() {
  add_drop_in instead Type=exec WatchdogSec=0 RestartSec=100ms RestartSteps=0 ExecStart= "ExecStart=/bin/sh -c '$1'"
  in_container systemctl reset-failed job-processor
  in_container systemctl start job-processor
}

exits_are_judged() {
  run_instead 'trap "exit 143" TERM; sleep 100 & wait'
  sleep 2 # until the shell has its trap
  in_container systemctl stop job-processor
  until_true 60 has_ended_well || return 1
  run_instead 'exit 1'
  until_true 120 restarted_more_than 30 || return 1
  remove_drop_in instead
  in_container systemctl stop job-processor
  in_container systemctl reset-failed job-processor
}

has_ended_well() {
  [[ $(property ActiveState)/$(property Result)/$(property ExecMainStatus)/$(property NRestarts) == inactive/success/143/0 ]]
}

# commons-daemon's jsvc (the package's own), which has no way to tell systemd anything.
jsvc_runs_it() {
  limit=400 in_container sh -c 'apt-get -qq update && apt-get -qq install --no-install-recommends jsvc >/dev/null 2>&1' || return 1
  in_container cp /usr/lib/job-processor/job-processor-jsvc.service /etc/systemd/system/ || return 1
  mkdir -p "$work/builder/etc/systemd/system/job-processor-jsvc.service.d"
  printf '[Service]\nEnvironment=AWS_ENDPOINT_URL_SQS=%s\n' "$AWS_ENDPOINT_URL_SQS" \
    >"$work/builder/etc/systemd/system/job-processor-jsvc.service.d/test.conf"
  set_user_data 'job_executor=Shout'
  in_container systemctl daemon-reload
  in_container systemctl start job-processor-jsvc || return 1
  echo 'by jsvc' | submit jsvc
  local answer
  answer=$(results jsvc 120)
  in_container systemctl stop job-processor-jsvc || return 1
  in_container journalctl --no-pager -u job-processor-jsvc | tail -n 5
  [[ $answer == 'BY JSVC' && $(jsvc_property Result) == success ]] || return 1
  set_user_data 'concurrency=0'
  in_container systemctl start job-processor-jsvc
  until_true 120 jsvc_has_failed || return 1
  sleep 4
  echo "status $(jsvc_property ExecMainStatus), restarts $(jsvc_property NRestarts)"
  [[ $(jsvc_property ActiveState)/$(jsvc_property ExecMainStatus)/$(jsvc_property NRestarts) == failed/78/0 ]] &&
    in_container journalctl --no-pager -u job-processor-jsvc --grep 'concurrency: "0" in user data is out of range'
}

jsvc_property() {
  in_container systemctl show --property "$1" --value job-processor-jsvc
}

jsvc_has_failed() {
  [[ $(jsvc_property ActiveState) == failed ]]
}

no_secret_is_told() {
  in_container journalctl --no-pager --output cat >"$work/journal.txt"
  grep -q '^taking jobs' "$work/journal.txt" && grep -q 'job-processor' "$work/builder.console" &&
    ! grep -n -e abcSECRETxyz -e fake-secret -e fake-session-token "$work/journal.txt" "$work/builder.console"
}

drop_in_powers_off() {
  use_drop_in poweroff-on-bad-settings && set_user_data 'concurrency=0' || return 1
  in_container systemctl reset-failed job-processor
  in_container systemctl restart job-processor || true
  until_true 120 has_ended || return 1
  rm "$work/builder/etc/systemd/system/job-processor.service.d/poweroff-on-bad-settings.conf"
}
