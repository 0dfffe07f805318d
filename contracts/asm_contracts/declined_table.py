"""The table of declined operations: verb, address below the subscription, client package, its name for the call.

Tabs between the columns.  Queries hold only what tells operations apart.
"""

from typing import Final

TABLE: Final = """\
POST	/api/command	website	CommandsOperations.invoke
GET	/api/deployments	website	DeploymentOperations.list
GET	/api/deployments/{deployment_id}	website	DeploymentOperations.get
PUT	/api/deployments/{deployment_id}	website	DeploymentOperations.redeploy
GET	/api/deployments/{deployment_id}/log	website	DeploymentOperations.listLogs
GET	/api/deployments/{deployment_id}/log/{deployment_log_id}	website	DeploymentOperations.getLog
GET	/api/diagnostics/settings	website	DiagnosticOperations.getSettings
POST	/api/diagnostics/settings	website	DiagnosticOperations.updateSettings
GET	/api/jobs/continuous	website	ContinuousWebJobOperations.list
DELETE	/api/jobs/continuous/{job_name}	website	ContinuousWebJobOperations.deleteMethod
GET	/api/jobs/continuous/{job_name}	website	ContinuousWebJobOperations.get
PUT	/api/jobs/continuous/{job_name}	website	ContinuousWebJobOperations.uploadFile
GET	/api/jobs/continuous/{job_name}/settings	website	ContinuousWebJobOperations.getSettings
PUT	/api/jobs/continuous/{job_name}/settings	website	ContinuousWebJobOperations.setSettings
POST	/api/jobs/continuous/{job_name}/start	website	ContinuousWebJobOperations.start
POST	/api/jobs/continuous/{job_name}/stop	website	ContinuousWebJobOperations.stop
GET	/api/jobs/triggered	website	TriggeredWebJobOperations.list
DELETE	/api/jobs/triggered/{job_name}	website	TriggeredWebJobOperations.deleteMethod
GET	/api/jobs/triggered/{job_name}	website	TriggeredWebJobOperations.get
PUT	/api/jobs/triggered/{job_name}	website	TriggeredWebJobOperations.uploadFile
GET	/api/jobs/triggered/{job_name}/history	website	TriggeredWebJobOperations.listRuns
GET	/api/jobs/triggered/{job_name}/history/{job_run_id}	website	TriggeredWebJobOperations.getRun
POST	/api/jobs/triggered/{job_name}/run	website	TriggeredWebJobOperations.run
GET	/api/jobs/triggered/{job_name}/settings	website	TriggeredWebJobOperations.getSettings
PUT	/api/jobs/triggered/{job_name}/settings	website	TriggeredWebJobOperations.setSettings
DELETE	/api/scm	website	RepositoryOperations.deleteMethod
GET	/api/settings	website	SettingsOperations.list
POST	/api/settings	website	SettingsOperations.update
DELETE	/api/settings/{setting_id}	website	SettingsOperations.deleteMethod
GET	/api/settings/{setting_id}	website	SettingsOperations.get
"""
