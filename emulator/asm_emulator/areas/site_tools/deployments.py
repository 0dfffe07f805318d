"""What is brought to a site: noted, brought again, followed step by step."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from asm_contracts.areas.site_tools import (
    DeploymentLog,
    DeploymentLogEntry,
    DeploymentNote,
    SiteDeployment,
    SiteDeployments,
    SiteToolsContract,
)
from asm_contracts.document import NIL
from asm_contracts.errors import BadRequest, Conflict, NotFound
from asm_contracts.evidence import assumed, documented
from asm_emulator import site_tools_model as model
from asm_emulator.areas.site_tools.common import ToolArea
from asm_emulator.websites_model import WebSite

FAILED: Final = 3
SUCCEEDED: Final = 4
DEPLOYING: Final = 2
MOST: Final = 10
"""Deployments that are remembered (documented)."""
_ID: Final = re.compile(r"[A-Za-z0-9_.-]{1,100}\Z")


class DeploymentCalls(ToolArea, SiteToolsContract):
    """Deployments."""

    def list_site_deployments(self, site: str, top: int | None = None) -> SiteDeployments:
        found = self.site(site)
        deployments = found.tools.deployments[: MOST if top is None else top]
        return SiteDeployments(items=tuple(self._document(found, one) for one in deployments))

    def get_site_deployment(self, site: str, deployment_id: str) -> SiteDeployment:
        found = self.site(site)
        return self._document(found, self._find(found, deployment_id))

    @assumed("the refusal's text was never seen")
    def _find(self, site: WebSite, deployment_id: str) -> model.SiteDeployment:
        deployments = site.tools.deployments
        if deployment_id.lower() == "latest" and deployments:
            return deployments[0]
        found = next((one for one in deployments if one.id.lower() == deployment_id.lower()), None)
        if found is None:
            raise NotFound(f"Deployment '{deployment_id[:100]}' not found.")
        return found

    @documented("a deployment is brought again; one at a time")
    @assumed("that it succeeds: nothing is built; the refusals' texts were never seen")
    def redeploy_site(self, site: str, deployment_id: str) -> None:
        found = self._idle(site)
        before = self._find(found, deployment_id)
        ends = self.now + self.state.span("site.deploy")
        self._put(
            found,
            replace(before, received=self.now, started=self.now, ends=ends, failed=False, last_success=ends),
        )

    @documented(
        "the tools' own source: a note has how it ended (3 or 4), a message, an author and a deployer, and is "
        "made once; any other object asks for the deployment to be brought again"
    )
    @assumed(
        "the refusals' texts, which ids are refused, that what is brought again is answered like a note, and 202: the "
        "tools' later source has 200, and the clients take both"
    )
    def note_site_deployment(self, site: str, deployment_id: str, body: DeploymentNote) -> SiteDeployment:
        if body.status not in (FAILED, SUCCEEDED) or not (body.message and body.author and body.deployer):
            self.redeploy_site(site, deployment_id)
            return self.get_site_deployment(site, deployment_id)
        found = self._idle(site)
        if not _ID.match(deployment_id):
            raise BadRequest(f"The deployment id '{deployment_id[:100]}' is invalid.")
        if any(one.id.lower() == deployment_id.lower() for one in found.tools.deployments):
            raise Conflict(f"Deployment with id '{deployment_id}' exists")
        failed = body.status == FAILED
        made = model.SiteDeployment(
            id=deployment_id,
            message=body.message,
            author=body.author,
            author_email=body.author_email or "N/A",
            deployer=body.deployer,
            received=self.now,
            started=self.now,
            ends=self.now,
            failed=failed,
            last_success=None if failed else self.now,
        )
        self._put(found, made)
        return self._document(self.site(site), made)

    def _idle(self, site: str) -> WebSite:
        found = self.site(site)
        if any(self.now < one.ends for one in found.tools.deployments):
            raise Conflict("There is a deployment currently in progress. Please try again when it completes.")
        return found

    def _put(self, site: WebSite, made: model.SiteDeployment) -> None:
        others = tuple(one for one in site.tools.deployments if one.id.lower() != made.id.lower())
        self.put(site, deployments=(made, *others)[:MOST])

    @assumed("the steps' words are those that people quoted of their deployments")
    def list_site_deployment_log(self, site: str, deployment_id: str) -> DeploymentLog:
        found = self.site(site)
        one = self._find(found, deployment_id)
        texts = [f"Preparing deployment for commit id '{one.id[:10]}'.", "Running deployment command..."]
        if self.now >= one.ends:
            texts.append("Deployment Failed." if one.failed else "Deployment successful.")
        path = f"/api/deployments/{one.id}/log"
        return DeploymentLog(
            items=tuple(
                DeploymentLogEntry(
                    log_time=one.ends if place == 2 else one.started,
                    id=self.state.make_guid("deployment log", found.deployment_id, one.id, place),
                    message=text,
                    type=2 if place == 2 and one.failed else 0,
                    details_url=self.address(
                        found, f"{path}/{self.state.make_guid('deployment log', found.deployment_id, one.id, place)}"
                    )
                    if place == 1
                    else NIL,
                )
                for place, text in enumerate(texts)
            )
        )

    @assumed("that nothing is built, so the command has nothing to say but that it ran")
    def get_site_deployment_log(self, site: str, deployment_id: str, log_id: str) -> DeploymentLog:
        found = self.site(site)
        one = self._find(found, deployment_id)
        if log_id.lower() != self.state.make_guid("deployment log", found.deployment_id, one.id, 1):
            raise NotFound(f"LogId '{log_id[:100]}' was not found in Deployment '{one.id}'.")
        made = self.state.make_guid("deployment log", found.deployment_id, one.id, "details")
        return DeploymentLog(
            items=(DeploymentLogEntry(log_time=one.started, id=made, message="Handling Basic Web Site deployment."),)
        )

    def delete_site_content_repository(self, site: str) -> None:
        self.put(self.site(site), deployments=())

    @documented("the latest success is active; the others are there to go back to")
    def _document(self, site: WebSite, deployment: model.SiteDeployment) -> SiteDeployment:
        complete = self.now >= deployment.ends
        status = DEPLOYING if not complete else FAILED if deployment.failed else SUCCEEDED
        active = next((one for one in site.tools.deployments if self.now >= one.ends and not one.failed), None)
        success = deployment.last_success
        path = f"/api/deployments/{deployment.id}"
        return SiteDeployment(
            id=deployment.id,
            status=status,
            status_text="" if complete else "Running deployment command...",
            author_email=deployment.author_email,
            author=deployment.author,
            deployer=deployment.deployer,
            message=deployment.message,
            progress="" if complete else "Running deployment command...",
            received_time=deployment.received,
            start_time=deployment.started,
            end_time=deployment.ends if complete else NIL,
            last_success_end_time=success if success is not None and self.now >= success else NIL,
            complete=complete,
            active=active is deployment,
            url=self.address(site, path),
            log_url=self.address(site, f"{path}/log"),
            site_name=site.host_label,
        )
