"""A Chromium without windows, spoken to through a pipe in its DevTools protocol."""

import base64
import json
import os
import subprocess
import tempfile
import threading

CHROMIUM = "chromium-headless-shell"
SECONDS = 300  # a browser that hangs ends then, and what waits for it fails
QUIET = ("--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update",
         "--disable-sync", "--hide-scrollbars")


class Browser:
    """One page of a browser of its own, which ends with the block that it was opened for."""

    def __enter__(self):
        self.profile = tempfile.TemporaryDirectory(prefix="seguimiento-", ignore_cleanup_errors=True)
        theirs, self.to = os.pipe()
        self.of, ours = os.pipe()
        # The browser reads from 3 and writes to 4. Where it is root, it starts only without a sandbox; it opens no page but ours.
        start = f'exec "$@" 3<&{theirs} 4>&{ours}'
        command = [CHROMIUM, "--remote-debugging-pipe", f"--user-data-dir={self.profile.name}", *QUIET]
        command += ["--no-sandbox"] if os.geteuid() == 0 else []
        self.process = subprocess.Popen(["bash", "-c", start, "bash", *command], pass_fds=(theirs, ours),
                                        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.close(theirs)
        os.close(ours)
        self.limit = threading.Timer(SECONDS, self.process.kill)
        self.limit.start()
        self.answers, self.count, self.session = os.fdopen(self.of, "rb"), 0, None
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self.session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        self.call("Page.enable")
        return self

    def __exit__(self, *_):
        self.limit.cancel()
        os.close(self.to)
        self.answers.close()
        self.process.terminate()
        self.process.wait(30)
        self.profile.cleanup()

    def call(self, method, **params):
        """What the browser answers; what it tells in between is passed over."""
        self.count += 1
        message = {"id": self.count, "method": method, "params": params}
        if self.session:
            message["sessionId"] = self.session
        data = json.dumps(message).encode() + b"\0"
        while data:
            data = data[os.write(self.to, data):]
        return self.wait(lambda answer: answer.get("id") == self.count)

    def wait(self, wanted):
        while True:
            message = bytearray()
            while (byte := self.answers.read(1)) != b"\0":
                if not byte:
                    raise OSError(f"{CHROMIUM} ended")
                message += byte
            answer = json.loads(message)
            if wanted(answer):
                if "error" in answer:
                    raise OSError(answer["error"]["message"])
                return answer.get("result")

    def open(self, path, width, scheme):
        """A file as a screen of so many CSS pixels shows it that is high enough for all of it, in the `light` or the `dark` scheme."""
        self.call("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])
        self.screen(width, 900)
        self.call("Page.navigate", url=path.as_uri())
        self.wait(lambda event: event.get("method") == "Page.loadEventFired")
        self.unroll(width)

    def unroll(self, width):
        """Makes the screen as high as the page. What is far below may not be laid out yet, and the page grow as it is."""
        shown = 0
        while (height := self.evaluate("document.documentElement.scrollHeight")) > shown:
            self.screen(width, height)
            shown = height

    def screen(self, width, height):
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=width < 600)
        self.evaluate("new Promise(drawn => requestAnimationFrame(() => requestAnimationFrame(drawn)))")

    def evaluate(self, script):
        """What a script gives that runs in the page, whatever the page lets run itself."""
        answer = self.call("Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True)
        if "exceptionDetails" in answer:
            raise ValueError(answer["exceptionDetails"]["exception"].get("description"))
        return answer["result"].get("value")

    def picture(self):
        """All of the page, as PNG."""
        return base64.b64decode(self.call("Page.captureScreenshot", captureBeyondViewport=True)["data"])
