"""Reduces the installed package `kubernetes` (126 MB) to the modules that a pod template is made of (2 MB).

The task file and the flyte CLI build a V1PodSpec and serialise it; nothing of them talks to an API server. What is left is
what importing that loads, so the reduction stays right when the package changes.
"""

import pathlib
import sys
import sysconfig

package = pathlib.Path(sysconfig.get_path("purelib")) / "kubernetes"
(package / "__init__.py").write_text("from . import client\n")

from kubernetes.client import ApiClient, V1PodTemplateSpec  # noqa: E402  the package is as it is to be only from here on

ApiClient().sanitize_for_serialization(V1PodTemplateSpec())
loaded = {pathlib.Path(module.__file__) for module in list(sys.modules.values()) if getattr(module, "__file__", None)}
for file in package.rglob("*"):
    if file.is_file() and file not in loaded:
        file.unlink()
