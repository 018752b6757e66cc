# shellcheck shell=bash
# shellcheck disable=SC2154,SC2034,SC2030,SC2031 # set by packer/test; a lane may have its own in a subshell
# packer/test bake: the template's build block in a Debian system, and the whole template against an emulated EC2 API.

ssh_port_of_local=2201
ssh_port_of_ec2=2202
baked_region=eu-central-1

run_bake() {
  ssh-keygen -q -t ed25519 -N '' -f "$work/key"
  write_executor_jar shout Shout.java Throw.java BlockOutput.java
  write_executor_jar bellow Bellow.java
  write_extra_deb
  write_settings
  check "the local copy of the template differs only as it must" write_local_template
  start_builder builder "$ssh_port_of_local"
  local first=$container first_leader=$leader
  start_builder ec2-builder "$ssh_port_of_ec2"
  start_ec2
  check "packer validate" run_packer validate
  check "packer validate: another architecture, no baked region" run_packer validate -var architecture=arm64 -var settings_file=
  check "packer refuses a bad value of each variable" packer_refuses_bad_values
  check "packer refuses to share an encrypted image without a key" packer_refuses_sharing
  check "packer names bin/package if there is no distribution" packer_names_package
  check "architecture and subnet_id come to EC2" variables_come_to_ec2
  check "packer build: the image in the Debian system, the AMI from EC2's API" run_packer build -color=false
  cp "$work/check.log" "$work/packer-build.log"
  grep -h -e 'exposure ' -e 'NOT OK' "$work/packer-build.log" | sort -u || true
  check "the AMI is private and tagged, its builder terminated" ami_is_right
  check "EC2 is asked for an encrypted gp3 volume" volume_is_right
  check "verify is content with the image, and refuses one with each of many faults" verify_finds_faults
  stop_container
  rm -rf --one-file-system "$work/ec2-builder"
  container=$first leader=$first_leader
  stop_container
  check "nothing of the builder is left in the image" nothing_is_left
  check "settings, packages and the drop-in are baked as the variables say" variables_are_baked
  image=$work/builder # for the stages that follow
  ((failed == 0))
}

# write_executor_jar NAME SOURCES...: executors of a user's own.
write_executor_jar() {
  local jar=$work/$1.jar classes=$work/$1-classes java_home
  shift
  find_java build
  mkdir -p "$classes"
  (cd "$here/executors" && "$java_home/bin/javac" -d "$classes" -cp "$home/target/job-processor-api.jar" "$@")
  "$java_home/bin/jar" --create --file "$jar" -C "$classes" .
}

# A package from elsewhere, as the SSM agent's would be.
write_extra_deb() {
  local tree=$work/extra-deb
  mkdir -p "$tree/DEBIAN" "$tree/opt"
  echo 'from a package' >"$tree/opt/extra-deb"
  printf '%s\n' 'Package: extra-deb' 'Version: 1' 'Architecture: all' 'Maintainer: nobody <nobody@example.com>' \
    'Description: installed by extra_debs' >"$tree/DEBIAN/control"
  dpkg-deb --root-owner-group --build "$tree" "$work/extra.deb" >/dev/null
}

# For all that follows: user data wins over it, and says nothing of a region.
write_settings() {
  printf '# of the test\n concurrency = 2, aws_region = %s\n' "$baked_region" >"$work/settings.conf"
}

# Builds where a Debian AMI would have been started: user admin, our key, traces that the image must not have.
start_builder() {
  local name=$1 port=$2
  make_root "$name" base.tar
  rm -rf "${work:?}/$name"/etc/ssh/ssh_host_*
  chroot "$work/$name" ssh-keygen -q -A
  chroot "$work/$name" useradd --create-home --shell /bin/bash admin
  install -d -m 0700 "$work/$name/home/admin/.ssh" "$work/$name/root/.ssh"
  cp "$work/key.pub" "$work/$name/home/admin/.ssh/authorized_keys"
  cp "$work/key.pub" "$work/$name/root/.ssh/authorized_keys"
  chroot "$work/$name" chown -R admin:admin /home/admin
  echo 'admin ALL=(ALL) NOPASSWD:ALL' >"$work/$name/etc/sudoers.d/90-cloud-init-users"
  printf 'Port %s\nListenAddress 127.0.0.1\n' "$port" >"$work/$name/etc/ssh/sshd_config.d/test.conf"
  echo 'export AWS_SECRET=trace-of-the-builder' >"$work/$name/root/.bash_history"
  cp "$work/$name/root/.bash_history" "$work/$name/home/admin/.bash_history"
  mkdir -p "$work/$name/var/lib/dhcp" "$work/$name/var/log/journal" "$work/$name/var/lib/cloud/data"
  echo trace-of-the-builder | tee "$work/$name/var/lib/dhcp/dhclient.leases" "$work/$name/var/lib/cloud/data/old" \
    "$work/$name/var/log/cloud-init.log" "$work/$name/var/lib/systemd/random-seed" \
    "$work/$name/var/lib/systemd/credential.secret" >/dev/null
  start_container "$name"
}

start_ec2() {
  make_root emulator emulator.tar
  cat >"$work/emulator/amis.json" <<'JSON'
[{"ami_id": "ami-0123456789abcdef0", "name": "debian-13-amd64-20260101-1", "owner_id": "136693071363",
  "architecture": "x86_64", "virtualization_type": "hvm", "root_device_type": "ebs", "root_device_name": "/dev/xvda",
  "state": "available", "public": true, "platform": null, "image_type": "machine", "hypervisor": "xen",
  "description": "Debian 13", "image_location": "amazon/debian-13", "sriov": "simple", "creation_date": "2026-01-01T00:00:00.000Z"}]
JSON
  mount -t proc proc "$work/emulator/proc"
  env -i PATH=/usr/sbin:/usr/bin:/bin MOTO_AMIS_PATH=/amis.json AWS_ACCESS_KEY_ID=test AWS_SECRET_ACCESS_KEY=test \
    chroot "$work/emulator" python3 -m moto.server -H 127.0.0.1 -p 5000 </dev/null >"$work/ec2.log" 2>&1 &
  # Between the two: it writes down what Packer asks for.
  socat -v TCP-LISTEN:5001,bind=127.0.0.1,fork,reuseaddr TCP:127.0.0.1:5000 </dev/null 2>"$work/ec2.requests" &
  until_true 240 ec2 DescribeRegions
}

# ec2 ACTION [NAME=VALUE...]: what EC2's API answers, XML.
ec2() {
  python3 - "$@" <<'PYTHON'
import sys, urllib.parse, urllib.request
form = {"Action": sys.argv[1], "Version": "2016-11-15"}
form.update(word.split("=", 1) for word in sys.argv[2:])
request = urllib.request.Request("http://127.0.0.1:5000/", urllib.parse.urlencode(form).encode())
request.add_header("Authorization", "AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/ec2/aws4_request")
print(urllib.request.urlopen(request, timeout=10).read().decode())
PYTHON
}

# The lines that the local copy has and the template has not.
added_to_source() {
  cat <<HCL
  custom_endpoint_ec2     = "http://127.0.0.1:5001"
  skip_region_validation  = true
  skip_metadata_api_check = true
  ssh_host                = "127.0.0.1"
  ssh_port                = $ssh_port_of_ec2
  ssh_private_key_file    = "$work/key"
HCL
}

added_source() {
  cat <<HCL
source "null" "local" {
  ssh_host             = "127.0.0.1"
  ssh_port             = $ssh_port_of_local
  ssh_username         = "admin"
  ssh_private_key_file = "$work/key"
}
HCL
}

# Without what Debian's old Packer does not know; with a second source, and where the emulated EC2 is to be found.
write_local_template() {
  local template=$home/packer/ami.pkr.hcl removed
  added_to_source >"$work/added-to-source"
  added_source >"$work/added-source"
  awk -v "to_source=$work/added-to-source" -v "source=$work/added-source" '
    function insert(file, line) { while ((getline line < file) > 0) print line }
    /^ *# >>> packer/ { skipping = 1 }
    !skipping && /^build \{/ { insert(source) }
    !skipping && /^  sources = / { sub(/\]$/, ", \"source.null.local\"]") }
    !skipping { print }
    /^ *# <<</ { skipping = 0 }
    /^source "amazon-ebs"/ { insert(to_source) }' "$template" >"$local_template"
  removed=$(
    awk '/^ *# >>> packer/ { on = 1 } on { print } /^ *# <<</ { on = 0 }' "$template"
    grep '^  sources = ' "$template"
  )
  diff <(diff "$template" "$local_template" | sed -n 's/^< //p') <(printf '%s\n' "$removed") || return 1
  diff <(diff "$template" "$local_template" | sed -n 's/^> //p') \
    <(
      added_to_source
      added_source
      echo '  sources = ["source.amazon-ebs.worker", "source.null.local"]'
    ) || return 1
  echo "what the local copy of the template has else:" >&9
  diff "$template" "$local_template" | sed 's/^/    /' >&9 || true
}
exec 9>&1

run_packer() {
  local action=$1
  shift
  (cd / && exec env -u AWS_ENDPOINT_URL_SQS HOME="$work" CHECKPOINT_DISABLE=1 PACKER_CACHE_DIR="$work/packer-cache" \
    AWS_ACCESS_KEY_ID=test AWS_SECRET_ACCESS_KEY=test AWS_EC2_METADATA_DISABLED=true AWS_POLL_DELAY_SECONDS=1 \
    AWS_MAX_ATTEMPTS=30 timeout 900 packer "$action" -var "executor_jars=[\"$work/shout.jar\"]" \
    -var "extra_debs=[\"$work/extra.deb\"]" -var "settings_file=$work/settings.conf" -var 'extra_packages=["jq"]' \
    -var poweroff_on_bad_settings=true "$@" "$local_template" </dev/null)
}

# Packer names each bad value by the variable's own message, all at once.
packer_refuses_bad_values() {
  refuses region=Frankfurt architecture=riscv64 subnet_id=vpc-0123456789abcdef0 'name_prefix=job processor' \
    'executor_jars=["classes.zip"]' 'extra_packages=["jq; reboot"]' 'extra_debs=["agent.rpm"]' 'kms_key_id=my key' \
    'share_accounts=["1234"]' && refuses kms_key_id=alias/aws/ebs && run_packer validate -var region=eusc-de-east-1
}

# refuses NAME=VALUE...
refuses() {
  local value arguments=()
  for value in "$@"; do
    arguments+=(-var "$value")
  done
  ! run_packer validate "${arguments[@]}" >"$work/refusal" || return 1
  cat "$work/refusal"
  for value in "$@"; do
    tr -s '[:space:]' ' ' <"$work/refusal" | grep -q "The value of ${value%%=*} must" || {
      echo "not refused: $value"
      return 1
    }
  done
}

# What EC2 does not have is named by its answer; nothing is started. Debian's own arm64 AMIs are not in the emulator.
variables_come_to_ec2() {
  local answer=0
  run_packer build -color=false -only=amazon-ebs.worker -var architecture=arm64 >"$work/arm64" && return 1
  tr '\n' ' ' <"$work/arm64" | grep 'No AMI was found' || answer=1
  asked_of_ec2 DescribeImages | grep -F 'debian-13-arm64-*' || answer=1
  run_packer build -color=false -only=amazon-ebs.worker -var subnet_id=subnet-0123456789abcdef0 >"$work/subnet" && return 1
  grep -F 'subnet-0123456789abcdef0' "$work/subnet" || answer=1
  ((answer == 0)) || cat "$work/arm64" "$work/subnet"
  return "$answer"
}

# asked_of_ec2 ACTION: the requests of a kind as they came, readable.
asked_of_ec2() {
  python3 -c 'import re, sys, urllib.parse
for form in re.findall(r"Action=" + sys.argv[1] + r"&\S*", open(sys.argv[2], errors="replace").read()):
    print(urllib.parse.unquote(form.replace("&", " ")))' "$1" "$work/ec2.requests"
}

# By what Packer asked for: the emulator does not keep all of it. That EBS does as it is asked only AWS can show.
volume_is_right() {
  local request word
  request=" $(asked_of_ec2 RunInstances | tail -n 1) "
  echo "$request"
  for word in DeviceName=/dev/xvda Ebs.Encrypted=true Ebs.VolumeType=gp3 Ebs.VolumeSize=8 Ebs.DeleteOnTermination=true; do
    [[ $request == *" BlockDeviceMapping.1.$word "* ]] || return 1
  done
  # Without a subnet a public address is the default VPC's affair.
  [[ $request != *AssociatePublicIpAddress* ]]
}

packer_refuses_sharing() {
  local answer
  answer=$(run_packer validate -var 'share_accounts=["123456789012"]' | tr -s '[:space:]' ' ' || true) # Packer wraps lines, by the path's length
  echo "$answer"
  grep -q 'share_accounts needs kms_key_id' <<<"$answer" &&
    run_packer validate -var 'share_accounts=["123456789012"]' -var kms_key_id=alias/images &&
    run_packer validate -var 'share_accounts=["123456789012"]' -var encrypt_root=false
}

# In a folder like a fresh checkout.
packer_names_package() {
  local answer fresh=$work/fresh local_template=$local_template
  mkdir -p "$fresh"
  cp -R "$home/packer" "$home/systemd" "$home/conf" "$fresh"
  install -D -m 0644 "$home/lib/README.md" "$fresh/lib/README.md"
  local_template=$fresh/packer/${local_template##*/}
  answer=$(run_packer validate | tr -s '[:space:]' ' ' || true)
  echo "$answer"
  grep -q 'no file exists at .*release-made-by-bin-package' <<<"$answer"
}

ami_is_right() {
  local images
  images=$(ec2 DescribeImages Owner.1=self)
  echo "$images"
  grep -q '<isPublic>false' <<<"$images" && grep -q 'job-processor-[0-9.]*-x86_64-' <<<"$images" &&
    grep -q "<value>$(jq -r .commit "$home/dist/target/release-made-by-bin-package.json")</value>" <<<"$images" &&
    grep -q '<value>ami-0123456789abcdef0</value>' <<<"$images" &&
    builder_is_gone
}

builder_is_gone() {
  local instances
  instances=$(ec2 DescribeInstances)
  grep -q '<name>terminated</name>' <<<"$instances" && ! grep -q '<name>running</name>' <<<"$instances"
}

# In the system that amazon-ebs has baked, which is not used any more.
verify_finds_faults() {
  local name
  verify_again || return 1
  in_container bash -c "$(<"$here/faults")" || return 1
  ! verify_again || return 1
  grep '^check "' "$home/packer/steps/verify" | cut -d'"' -f2 | sed "s/\\\$java_major/$java_major/" |
    grep -v 'the baked settings can work' >"$work/verify.names"
  while read -r name; do
    grep -qF "NOT OK: $name" "$work/verify.out" || {
      echo "has not found the fault: $name"
      return 1
    }
  done <"$work/verify.names"
  # Named one by one, since one of them would be enough.
  for name in executor.api_token authorized_keys ssh_host_test_key job-processor/key-of-aws .bash_history .deb; do
    grep -F "$name" "$work/verify.out" || return 1
  done
  echo 'concurency=4' >>"$work/ec2-builder/opt/job-processor/conf/job-processor.conf"
  ! verify_again && grep -F 'NOT OK: job-processor --check: the baked settings can work' "$work/verify.out"
}

verify_again() {
  local status=0
  in_container bash -c "$(<"$home/packer/steps/verify")" >"$work/verify.out" 2>&1 || status=$?
  cat "$work/verify.out"
  # Anything else is no finding of its own.
  ((status <= 1)) || fail "verify ended with $status"
  return "$status"
}

# The image's files as they are on its disk. Deleted blocks are another matter: EBS snapshots hold those of the builder.
nothing_is_left() {
  local root=$work/builder key found
  key=$(cut -d' ' -f2 "$work/key.pub")
  found=$(grep -rlsF -e trace-of-the-builder -e "$key" "$root"/{etc,home,root,var,opt,tmp} || true)
  echo "$found"
  find "$root"/etc/ssh -name 'ssh_host_*'
  find "$root/var/log/journal" "$root/var/lib/systemd/timers" -type f
  [[ -z $found && ! -s $root/etc/machine-id && -f $root/etc/machine-id ]] &&
    [[ -z $(find "$root/etc/ssh" -name 'ssh_host_*') && -z $(find "$root/var/log/journal" -type f) ]] &&
    [[ ! -e $root/var/lib/systemd/random-seed && ! -e $root/var/tmp/job-processor-image ]]
}

variables_are_baked() {
  local root=$work/builder home_there=$work/builder/opt/job-processor link
  link=$root/etc/systemd/system/job-processor.service.d/poweroff-on-bad-settings.conf
  cmp "$work/settings.conf" "$home_there/conf/job-processor.conf" && cmp "$work/shout.jar" "$home_there/lib/shout.jar" &&
    [[ -x $root/usr/bin/jq && $(cat "$root/opt/extra-deb") == 'from a package' ]] &&
    [[ $(readlink "$link") == /usr/lib/job-processor/drop-ins/poweroff-on-bad-settings.conf ]] &&
    [[ -s $root$(readlink "$link") ]]
}
