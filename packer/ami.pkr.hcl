# Makes the AMI of a worker:
#
#   bin/package && packer init packer/ami.pkr.hcl && packer build packer/ami.pkr.hcl
#
# No variable has to be set; `packer inspect packer/ami.pkr.hcl` lists them. packer/test runs all of this without AWS,
# on a copy without the blocks between "# >>> packer 1.7+" and "# <<<": the Packer in Debian does not know them.

# >>> packer 1.7+
packer {
  required_version = ">= 1.10.0"
  required_plugins {
    amazon = {
      source  = "github.com/hashicorp/amazon"
      version = "~> 1.3"
    }
  }
}
# <<<

variable "region" {
  type        = string
  default     = "us-east-1"
  description = "Where the image is built; for other regions copy it (aws ec2 copy-image)."
  validation {
    condition     = regex_replace(var.region, "^[a-z]{2,4}(-[a-z]+)+-[0-9]+$", "") == ""
    error_message = "The value of region must be an AWS region, for example eu-central-1."
  }
}

variable "architecture" {
  type        = string
  default     = "x86_64"
  description = "Of the instances that will run the image: x86_64 or arm64."
  validation {
    condition     = contains(["x86_64", "arm64"], var.architecture)
    error_message = "The value of architecture must be x86_64 or arm64."
  }
}

variable "instance_type" {
  type        = string
  default     = ""
  description = "Of the instance that builds the image; empty: t3.small or t4g.small, as the architecture wants."
}

variable "subnet_id" {
  type        = string
  default     = ""
  description = "Where the building instance is started; empty: in the default VPC."
  validation {
    condition     = regex_replace(var.subnet_id, "^(subnet-[0-9a-f]+)?$", "") == ""
    error_message = "The value of subnet_id must look like subnet-0123456789abcdef0."
  }
}

variable "associate_public_ip" {
  type        = bool
  default     = true
  description = "Gives the building instance in subnet_id a public address, by which Packer reaches it; false: Packer runs in the same network. Without subnet_id the default VPC decides."
}

variable "ssh_source_cidrs" {
  type        = list(string)
  default     = []
  description = "From where the building instance may be reached by SSH; empty: from this machine's public address."
}

variable "name_prefix" {
  type        = string
  default     = "job-processor"
  description = "The image is named PREFIX-VERSION-ARCHITECTURE-TIME."
  validation {
    condition     = regex_replace(var.name_prefix, "^[A-Za-z0-9._/-]{1,60}$", "") == ""
    error_message = "The value of name_prefix must be 1 to 60 letters, digits, dots, underscores, slashes or hyphens."
  }
}

variable "executor_jars" {
  type        = list(string)
  default     = []
  description = "Jars with executors of yours and what they need, for lib/ of the image."
  validation {
    condition     = length([for path in var.executor_jars : path if regex_replace(path, "[.]jar$", "") == path]) == 0
    error_message = "The value of executor_jars must be paths that end in .jar."
  }
}

variable "settings_file" {
  type        = string
  default     = ""
  description = "Settings to be baked in, as in user data, which wins over them; empty: conf/job-processor.conf. No secrets: whoever may start the image can read them."
}

variable "extra_packages" {
  type        = list(string)
  default     = []
  description = "Debian packages to be installed as well, for example [\"ffmpeg\", \"python3\"]."
  validation {
    condition     = length([for name in var.extra_packages : name if regex_replace(name, "^[a-z0-9][a-z0-9.+-]+$", "") != ""]) == 0
    error_message = "The value of extra_packages must be names of Debian packages."
  }
}

variable "extra_debs" {
  type        = list(string)
  default     = []
  description = "Files of Debian packages to be installed as well, for example the SSM agent's amazon-ssm-agent.deb, whose signature you have verified."
  validation {
    condition     = length([for path in var.extra_debs : path if regex_replace(path, "[.]deb$", "") == path]) == 0
    error_message = "The value of extra_debs must be paths that end in .deb."
  }
}

variable "encrypt_root" {
  type        = bool
  default     = true
  description = "Encrypts the root volume, with kms_key_id or else with the account's default key for EBS."
}

variable "kms_key_id" {
  type        = string
  default     = ""
  description = "Customer managed key for the root volume: key id, ARN or alias/NAME."
  validation {
    condition     = regex_replace(var.kms_key_id, "^alias/aws/.*$", "") == var.kms_key_id
    error_message = "The value of kms_key_id must be a key of yours: AWS's own (alias/aws/ebs) is what is taken without it, and cannot be shared."
  }
  validation {
    condition     = regex_replace(var.kms_key_id, "^(|alias/.+|arn:aws[a-z-]*:kms:.+|(mrk-)?[0-9a-f-]{32,36})$", "") == ""
    error_message = "The value of kms_key_id must be a key id, a key's ARN or alias/NAME."
  }
}

variable "share_accounts" {
  type        = list(string)
  default     = []
  description = "Accounts that may start the image. An encrypted image can be shared only if kms_key_id is a key of yours that those accounts may use (and, for Auto Scaling, its service-linked role there)."
  validation {
    condition     = length([for id in var.share_accounts : id if regex_replace(id, "^[0-9]{12}$", "") != ""]) == 0
    error_message = "The value of share_accounts must be account ids of 12 digits."
  }
}

variable "poweroff_on_bad_settings" {
  type        = bool
  default     = false
  description = "Powers an instance off whose settings cannot work (exit status 78), so that nobody pays for it; start it with shutdown behavior terminate."
}

locals {
  release = jsondecode(file("${path.root}/../dist/target/release-made-by-bin-package.json")) # no such file? Run bin/package first.

  share_needs_key = var.encrypt_root && var.kms_key_id == "" && length(var.share_accounts) > 0
  # Packer has no other way to refuse a combination of variables before it starts an instance.
  share_accounts = local.share_needs_key ? [file("share_accounts needs kms_key_id: AWS does not share images that are encrypted with an account's default key")] : var.share_accounts

  builder_type  = var.architecture == "arm64" ? "t4g.small" : "t3.small"
  debian_arch   = var.architecture == "arm64" ? "arm64" : "amd64"
  settings_file = var.settings_file != "" ? var.settings_file : "${path.root}/../conf/job-processor.conf"
  upload        = "/var/tmp/job-processor-image" # not /tmp, which is in the builder's memory
  time          = formatdate("YYYYMMDD-hhmmss", timestamp())
}

source "amazon-ebs" "worker" {
  region          = var.region
  instance_type   = var.instance_type != "" ? var.instance_type : local.builder_type
  subnet_id       = var.subnet_id

  # Asked for without a subnet, true or false, the plugin would choose one by itself: the one with most free addresses,
  # which may be private.
  associate_public_ip_address = var.subnet_id == "" ? null : var.associate_public_ip

  ami_name        = "${var.name_prefix}-${local.release.version}-${var.architecture}-${local.time}"
  ami_description = "job-processor ${local.release.version} (${local.release.commit}) on Debian 13"
  ami_users       = local.share_accounts
  ena_support     = true

  source_ami_filter {
    filters = {
      name                = "debian-13-${local.debian_arch}-*"
      architecture        = var.architecture
      root-device-type    = "ebs"
      virtualization-type = "hvm"
    }
    owners      = ["136693071363"] # Debian: https://wiki.debian.org/Cloud/AmazonEC2Image
    most_recent = true
  }

  launch_block_device_mappings {
    device_name           = "/dev/xvda"
    volume_type           = "gp3"
    volume_size           = 8
    iops                  = 3000
    throughput            = 125
    delete_on_termination = true
    encrypted             = var.encrypt_root
    kms_key_id            = var.kms_key_id
  }

  ssh_username = "admin" # steps/clean takes the authorized keys away: ssh_clear_authorized_keys would look for them in vain
  # >>> packer 1.7+
  temporary_key_pair_type                   = "ed25519"
  temporary_security_group_source_cidrs     = var.ssh_source_cidrs
  temporary_security_group_source_public_ip = length(var.ssh_source_cidrs) == 0 # else Packer would open it to everybody

  imds_support = "v2.0" # instances of this image speak IMDSv2 only, with a hop limit of 2 unless told otherwise at launch
  metadata_options {    # of the builder
    http_endpoint               = "enabled"
    http_tokens                 = "required"
    http_put_response_hop_limit = 1
  }
  # <<<

  tags = { # of the image and of its snapshot
    Name         = "${var.name_prefix}-${local.release.version}"
    Version      = local.release.version
    Commit       = local.release.commit
    Architecture = var.architecture
    BaseAMI      = "{{ .SourceAMI }}"
    BaseAMIName  = "{{ .SourceAMIName }}"
  }
  run_tags        = { Name = "${var.name_prefix}-builder" }
  run_volume_tags = { Name = "${var.name_prefix}-builder" }
}

build {
  sources = ["source.amazon-ebs.worker"]

  provisioner "shell" {
    inline = ["mkdir -p ${local.upload}/lib ${local.upload}/debs"]
  }

  provisioner "file" {
    sources = [
      "${path.root}/versions.sh",
      "${path.root}/rootfs",
      "${path.root}/../systemd",
    ]
    destination = "${local.upload}/"
  }

  provisioner "file" {
    source      = "${path.root}/../dist/target/${local.release.distribution}"
    destination = "${local.upload}/job-processor.tar.gz"
  }

  provisioner "file" {
    source      = local.settings_file
    destination = "${local.upload}/job-processor.conf"
  }

  # The README stands for "none": Packer refuses an empty list.
  provisioner "file" {
    sources     = concat(["${path.root}/../lib/README.md"], var.executor_jars)
    destination = "${local.upload}/lib/"
  }

  provisioner "file" {
    sources     = concat(["${path.root}/versions.sh"], var.extra_debs)
    destination = "${local.upload}/debs/"
  }

  provisioner "shell" {
    execute_command = "chmod +x {{ .Path }}; sudo env {{ .Vars }} bash {{ .Path }}"
    environment_vars = [
      "UPLOAD=${local.upload}",
      "RELEASE_VERSION=${local.release.version}",
      "RELEASE_COMMIT=${local.release.commit}",
      "EXTRA_PACKAGES=${join(" ", var.extra_packages)}",
      "POWEROFF_ON_BAD_SETTINGS=${var.poweroff_on_bad_settings}",
      "DEBIAN_FRONTEND=noninteractive",
    ]
    scripts = [
      "${path.root}/steps/upgrade",
      "${path.root}/steps/install-packages",
      "${path.root}/steps/install-job-processor",
      "${path.root}/steps/make-start-archive",
      "${path.root}/steps/clean",
      "${path.root}/steps/verify",
    ]
  }
}
