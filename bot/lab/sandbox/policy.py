"""The sandbox's policy: what a job may and what it may not, on one screen. How that is brought about stands elsewhere.

No setting reaches this. Each defence can be taken away in code, so that tests can show what it is good for.
"""

from __future__ import annotations

from dataclasses import dataclass

MIB = 1024 * 1024


@dataclass(frozen=True)
class Policy:
    """Which defences stand, and their numbers."""

    drop_root: bool = True  # run by root: bubblewrap itself becomes a spare user first
    no_user_namespaces: bool = True  # inside, no namespace can be made in which one is root
    pids: bool = True  # own process ids; when the first dies, all die
    network: bool = True  # none, not even to the host itself
    ipc: bool = True
    host_name: bool = True
    cgroup_names: bool = True
    capabilities: bool = True  # none
    session: bool = True  # no terminal
    die_with_parent: bool = True
    read_only: bool = True  # everything but the folders below
    small_folders: bool = True  # none holds more than its size
    masks: bool = True  # nothing of MASKED can be read
    empty_environment: bool = True  # also that of bubblewrap, which the job can see
    seccomp: bool = True  # allowed.txt less DENIED
    limits: bool = True  # those below, set inside
    memory: bool = True  # of the whole tree, by cgroup or by watching
    low_priority: bool = True  # and first to be killed when the machine runs out of memory

    folders: tuple[tuple[str, int], ...] = (("/work", 256 * MIB), ("/tmp", 64 * MIB), ("/dev/shm", 256 * MIB))
    processes: int = 128
    open_files: int = 256
    file_size: int = 256 * MIB
    reserve: int = 1024 * MIB  # what one process may map privately beyond the memory of its room
    badness: int = 500  # of 1000, for the kernel's choice of whom to kill when memory is short


#: Kept from the job: what tells of the machine, or steers it. Folders are seen empty, files cannot be opened.
MASKED = (
    *("/proc/acpi", "/proc/asound", "/proc/bus", "/proc/driver", "/proc/fs", "/proc/irq", "/proc/scsi", "/proc/tty"),
    *("/proc/config.gz", "/proc/cmdline", "/proc/kallsyms", "/proc/kcore", "/proc/key-users", "/proc/keys"),
    *("/proc/kmsg", "/proc/kpagecount", "/proc/kpageflags", "/proc/latency_stats", "/proc/sched_debug"),
    *("/proc/diskstats", "/proc/interrupts", "/proc/iomem", "/proc/modules", "/proc/partitions", "/proc/slabinfo"),
    *("/proc/sysrq-trigger", "/proc/timer_list", "/proc/vmallocinfo", "/proc/pressure", "/proc/sysvipc"),
    *("/sys/firmware", "/sys/fs", "/sys/kernel/security", "/sys/kernel/debug", "/sys/kernel/tracing", "/sys/power"),
)
#: What the driver looks at before it gives a GPU to a program.
SEEN_WITH_DEVICES = ("/proc/driver", "/proc/modules")

#: Taken from allowed.txt. Most are refused by the kernel, too, to who has no capability; they are bugs in waiting.
DENIED = """
    ptrace process_vm_readv process_vm_writev process_madvise kcmp pidfd_getfd
    io_uring_setup io_uring_enter io_uring_register userfaultfd bpf perf_event_open
    keyctl add_key request_key personality memfd_secret
    unshare setns chroot pivot_root mount umount umount2 mount_setattr move_mount open_tree
    fsopen fsconfig fsmount fspick
    init_module finit_module delete_module kexec_load kexec_file_load reboot swapon swapoff acct quotactl syslog
    name_to_handle_at open_by_handle_at fanotify_init fanotify_mark lookup_dcookie vhangup iopl ioperm modify_ldt
    shmget shmat shmctl shmdt msgget msgsnd msgrcv msgctl semget semop semtimedop semctl ipc mq_open
    setsid clock_settime clock_adjtime settimeofday adjtimex sethostname setdomainname
""".split()
#: Where there is no GPU. CUDA needs it; for others it is memory that no folder's cap counts.
DENIED_WITHOUT_DEVICES = ["memfd_create"]
